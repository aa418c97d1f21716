import type { EventJson } from '../../../event-json.ts'
import type { Step } from './phase-model.ts'

/** What an event says about a step. */
export type Role = { readonly step: Step; readonly kind: 'begins' | 'dones' | 'claims' | 'refusals' }

export type Standpoint = {
  /** The step that the file was at. */
  readonly byPlace: Step | undefined
  /** Has the file logged that this step began, and after that its end or the end of a later step? */
  readonly isEnded: boolean
  /** The furthest step that the attempt has reached. */
  readonly reached: Step | undefined
}

/** Follows the events of an attempt in their order. */
export class Progress {
  readonly #steps: readonly Step[]
  /** By file: the step that was begun last, and the step after the one that ended last. */
  readonly #current = new Map<string, Step>()
  readonly #next = new Map<string, Step>()
  readonly #ended = new Set<string>()
  #reached: Step | undefined

  constructor(steps: readonly Step[]) {
    this.#steps = steps
  }

  /** Takes in what an event says about steps. */
  note({ file }: EventJson, roles: readonly Role[]): void {
    for (const { step, kind } of roles) {
      if (kind === 'refusals') continue
      const following = kind === 'begins' ? undefined : this.#after(step)
      if (kind === 'begins') {
        this.#current.set(file, step)
        this.#ended.delete(file)
      } else if (later(step, this.#current.get(file) ?? step, this.#steps) === step) this.#ended.add(file)
      if (following !== undefined) this.#next.set(file, following)
      if (!step.beside) this.#reached = later(this.#reached, step, this.#steps)
    }
  }

  in(file: string): Standpoint {
    return {
      byPlace: this.#current.get(file) ?? this.#next.get(file),
      isEnded: this.#current.has(file) && this.#ended.has(file),
      reached: this.#reached,
    }
  }

  /** The step that must follow this one. */
  #after(step: Step): Step | undefined {
    return this.#steps
      .slice(this.#steps.indexOf(step) + 1)
      .find(({ optional, beside }) => !optional && !beside)
  }
}

/** The later of two steps. */
export function later(one: Step | undefined, other: Step, steps: readonly Step[]): Step {
  return one !== undefined && steps.indexOf(one) > steps.indexOf(other) ? one : other
}

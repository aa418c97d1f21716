import type { EventJson } from '../../../event-json.ts'
import type { Step } from './phase-model.ts'

/** What an event says of a step. */
export type Role = { readonly step: Step; readonly kind: 'begins' | 'dones' | 'claims' | 'refusals' }

/** Where things stand when something is written: in its file, and in the whole attempt. */
export type Standpoint = { readonly byPlace: Step | undefined; readonly reached: Step | undefined }

/** Follows the events of an attempt in their order. */
export class Progress {
  readonly #steps: readonly Step[]
  /** By file: the step that was begun last, and the one that follows what ended last. */
  readonly #current = new Map<string, Step>()
  readonly #next = new Map<string, Step>()
  #reached: Step | undefined

  constructor(steps: readonly Step[]) {
    this.#steps = steps
  }

  /** Takes what an event says of steps. */
  note({ file }: EventJson, told: readonly Role[]): void {
    for (const { step, kind } of told) {
      if (kind === 'refusals') continue
      const following = kind === 'begins' ? undefined : this.#after(step)
      if (kind === 'begins') this.#current.set(file, step)
      if (following !== undefined) this.#next.set(file, following)
      if (!step.beside) this.#reached = later(this.#reached, step, this.#steps)
    }
  }

  in(file: string): Standpoint {
    return { byPlace: this.#current.get(file) ?? this.#next.get(file), reached: this.#reached }
  }

  /** The step that has to follow one. */
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

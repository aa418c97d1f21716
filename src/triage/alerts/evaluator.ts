import type { Arrival } from '../../store/alert-span.ts'
import type { Store } from '../../store/client.ts'
import type { AlertRule } from './alert-rule.ts'
import type { Book, Page } from './book.ts'
import { evaluate, type Knowledge, type Looked, momentsBetween } from './evaluate.ts'
import { advance, type Instances, withoutRules } from './instances.ts'
import { learn, type Memory, NO_MEMORY } from './memory.ts'
import type { CollectorFacts, UndeliveredFacts } from './observe/world.ts'

export type EvaluatorOptions = {
  readonly store: Store
  /** The rules as of now; they may change between two evaluations. */
  readonly rules: () => readonly AlertRule[]
  readonly knowledge: () => Knowledge
  readonly collector: () => CollectorFacts
  /** When the oldest batch not yet stored was begun: the watermark stays behind it. */
  readonly waitingSinceMs: () => number | undefined
  /** How far the watermark stays behind the clock, for lines still on their way. */
  readonly delayMs: () => number
  readonly book: Book
  /** Reports a rule that could not be evaluated, and why, each time. '' stands for the memory that all rules share. */
  readonly onTrouble: (rule: string, error: unknown) => void
}

type Time = { readonly memory: Memory; readonly atMs: number; readonly nowMs: number }

const UNDELIVERED_MS = 3_600_000
const LONGEST_STEP_MS = 60_000
/** Before the first evaluation. */
const NEVER = Number.NEGATIVE_INFINITY

/** Keeps the alerts up to date. Its only state of its own is when each rule was last evaluated. */
export class Evaluator {
  readonly #options: EvaluatorOptions
  readonly #lookedMs = new Map<string, number>()

  constructor(options: EvaluatorOptions) {
    this.#options = options
  }

  /** Evaluates the rules about the collector; these must work while the store is down. */
  async lookAtCollector(nowMs: number): Promise<void> {
    const due = this.#due((rule) => !needsStore(rule), nowMs)
    if (due.length === 0) return
    const time = { memory: this.#options.book.page.memory ?? NO_MEMORY, atMs: nowMs, nowMs }
    const looked = await this.#look(due, time)
    await this.#options.book.change((page) => {
      const instances = this.#advanced(page, looked, time)
      // Usually nothing is wrong, and then nothing is written.
      return JSON.stringify(instances) === JSON.stringify(page.instances) ? page : { ...page, instances }
    })
  }

  /** Evaluates the rules about logs at the watermark, in steps if it was held back. Each step is on disk before the next. */
  async lookAtLogs(nowMs: number): Promise<void> {
    const { book, rules, delayMs, waitingSinceMs } = this.#options
    // Lines of this very millisecond may still be coming.
    const watermarkMs = Math.min(nowMs, waitingSinceMs() ?? nowMs) - delayMs() - 1
    const stepMs = Math.min(LONGEST_STEP_MS, ...rules().map(({ every }) => every))
    const fromMs = book.page.memory?.toMs ?? watermarkMs - stepMs
    for (const atMs of momentsBetween(fromMs, watermarkMs, stepMs)) {
      const memory = await this.#learn(atMs)
      if (memory === undefined) return
      const time = { memory, atMs, nowMs }
      const looked = await this.#look(this.#due(needsStore, atMs), time)
      await book.change((page) => ({ ...page, memory, instances: this.#advanced(page, looked, time) }))
    }
  }

  async #learn(toMs: number): Promise<Memory | undefined> {
    const { store, book, onTrouble } = this.#options
    try {
      return await learn(book.page.memory, store, { toMs, arrival: this.#arrival })
    } catch (error) {
      onTrouble('', error)
      return undefined
    }
  }

  async #look(rules: readonly AlertRule[], time: Time): Promise<readonly Looked[]> {
    const { store, knowledge, collector, book, onTrouble } = this.#options
    const looked = await evaluate(rules, {
      ...{ store, knowledge: knowledge(), ...time, arrival: this.#arrival },
      ...{ collector, undelivered: () => undeliveredOf(book.page, time.nowMs) },
    })
    for (const result of looked) if (result.kind === 'failed') onTrouble(result.rule.id, result.error)
    return looked
  }

  #advanced({ instances }: Page, looked: readonly Looked[], { atMs }: Time): Instances {
    const known = new Set(this.#options.rules().map(({ id }) => id))
    return looked.reduce(
      (before, result) =>
        result.kind === 'looked' ? advance(before, result.rule, result.found, atMs) : before,
      withoutRules(instances, known, atMs),
    )
  }

  #due(isMeant: (rule: AlertRule) => boolean, atMs: number): AlertRule[] {
    const rules = this.#options.rules().filter(isMeant)
    const due = rules.filter(({ id, every }) => atMs - (this.#lookedMs.get(id) ?? NEVER) >= every)
    for (const { id } of due) this.#lookedMs.set(id, atMs)
    return due
  }

  get #arrival(): Arrival {
    return { kind: 'arrived', delayMs: this.#options.delayMs() }
  }
}

function needsStore(rule: AlertRule): boolean {
  return rule.kind !== 'collector' || rule.trouble === 'losses'
}

/** Notices that failed repeatedly and still wait, and those given up recently. */
function undeliveredOf({ outbox: { waiting, dead } }: Page, nowMs: number): UndeliveredFacts {
  const late = waiting.filter(({ tries }) => tries > 2)
  const lost = dead.filter(({ at_ms }) => nowMs - at_ms < UNDELIVERED_MS)
  return { count: late.length + lost.length, reason: [...lost, ...late].at(-1)?.reason ?? '' }
}

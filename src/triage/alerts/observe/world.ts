import type { RuleDescription } from '../../../interpret/rule-description.ts'
import type { Generations } from '../../../product-versions.ts'
import type { Arrival, Span } from '../../../store/alert-span.ts'
import type { Store } from '../../../store/client.ts'
import type { StateRow } from '../../../store/signature-state.ts'
import type { DiagnosisJson } from '../../diagnosis/diagnosis-json.ts'
import type { Labels } from '../labels.ts'
import type { Memory } from '../memory.ts'

/** The collector's own state; absent if nothing is being collected (a back-test). */
export type CollectorFacts = {
  /** Since when the store has not accepted batches, ms. */
  readonly storeDownSinceMs?: number | undefined
  /** When the oldest batch that waits for the store was made, ms. */
  readonly waitingSinceMs?: number | undefined
  /** The number of files that cannot be read, and one of them. */
  readonly unreadable: { readonly count: number; readonly example: string }
}

/** The last decision about a signature, and when it was made. */
export type Decided = Pick<StateRow, 'state' | 'atMs'>

/** The number of notices that were not delivered, and why the last one was not. */
export type UndeliveredFacts = { readonly count: number; readonly reason: string }

/** Everything that an alert rule may look at, at one moment. */
export type World = {
  readonly store: Store
  /** The watermark: everything written up to here is believed to be in the store. */
  readonly atMs: number
  /** Wall clock, for questions about the collector rather than about logs. */
  readonly nowMs: number
  readonly arrival: Arrival
  readonly memory: Memory
  readonly ruleById: ReadonlyMap<string, RuleDescription>
  readonly generations: Generations
  /** How long alert rules learn if they do not say so themselves, ms. */
  readonly learnMs: number
  /** The diagnoses at `atMs`, from what was written since a day before the longest window of the rules. */
  readonly diagnoses: () => Promise<readonly DiagnosisJson[]>
  readonly collector?: () => CollectorFacts
  /** The newest decisions about signatures, by id. */
  readonly states: () => Promise<ReadonlyMap<string, Decided>>
  readonly undelivered: () => UndeliveredFacts
}

/** Something that an alert rule found. */
export type Observation = {
  /** Identifies it, together with the name and the labels of the rule. */
  readonly labels: Labels
  readonly severity?: string
  readonly value: number
  /** Texts for people, by the names of annotations; texts from logs are bounded and redacted. */
  readonly notes: Readonly<Record<string, string>>
}

/** How long a rule only learns after the first line of all, or of a kind of log, ms. */
export function learningOf({ learning }: { readonly learning?: number | undefined }, world: World): number {
  return learning ?? world.learnMs
}

/** The last `ms` before the watermark. */
export function lastOf(world: World, ms: number): Span {
  const { atMs, arrival, memory } = world
  return { fromMs: atMs - ms, toMs: atMs, arrival, aliases: memory.aliases }
}

import type { Told } from '../../../interpret/told.ts'
import type { Generations } from '../../../product-versions.ts'
import type { Arrival, Span } from '../../../store/alert-span.ts'
import type { Store } from '../../../store/client.ts'
import type { StateRow } from '../../../store/signature-state.ts'
import type { DiagnosisJson } from '../../diagnosis/diagnose.ts'
import type { Labels } from '../labels.ts'
import type { Memory } from '../memory.ts'

/** What the collector knows of itself; absent where nobody collects (a back-test). */
export type CollectorFacts = {
  /** The store does not take batches since then, ms. */
  readonly storeDownSinceMs?: number | undefined
  /** The oldest batch that waits for the store was made then, ms. */
  readonly waitingSinceMs?: number | undefined
  /** Files that cannot be read, and one of them. */
  readonly unreadable: { readonly count: number; readonly example: string }
}

/** What was decided last about a signature, and when. */
export type Decided = Pick<StateRow, 'state' | 'atMs'>

/** Notices that did not arrive, and why the last one did not. */
export type UndeliveredFacts = { readonly count: number; readonly reason: string }

/** All that an alert rule may look at, as of one moment. */
export type World = {
  readonly store: Store
  /** The watermark: what was written up to here is believed to be in the store. */
  readonly atMs: number
  /** The clock on the wall; for what is asked of the collector and not of logs. */
  readonly nowMs: number
  readonly arrival: Arrival
  readonly memory: Memory
  readonly told: ReadonlyMap<string, Told>
  readonly generations: Generations
  /** How long alert rules learn that do not say so themselves, ms. */
  readonly learnMs: number
  /** How the desktops stand at `atMs`, by what was written in the day before the longest window of the rules, and since. */
  readonly diagnoses: () => Promise<readonly DiagnosisJson[]>
  readonly collector?: () => CollectorFacts
  /** The newest decisions about signatures, by id. */
  readonly states: () => Promise<ReadonlyMap<string, Decided>>
  readonly undelivered: () => UndeliveredFacts
}

/** Something that an alert rule found to be so. */
export type Observation = {
  /** Names it, beside the name and the labels of the rule. */
  readonly labels: Labels
  readonly severity?: string
  readonly value: number
  /** What people are told, by the names of annotations; texts of logs are bounded and redacted. */
  readonly notes: Readonly<Record<string, string>>
}

/** How long after the first line of all, or of a kind of log, a rule only learns, ms. */
export function learningOf({ learning }: { readonly learning?: number | undefined }, world: World): number {
  return learning ?? world.learnMs
}

/** The last so many ms before the watermark. */
export function lastOf(world: World, ms: number): Span {
  const { atMs, arrival, memory } = world
  return { fromMs: atMs - ms, toMs: atMs, arrival, aliases: memory.aliases }
}

import { rulesById } from '../../interpret/all-rules.ts'
import type { Generations } from '../../product-versions.ts'
import type { Arrival } from '../../store/alert-span.ts'
import type { Store } from '../../store/client.ts'
import { selectStates } from '../../store/signature-state.ts'
import { storyOf } from '../diagnosis/ask-diagnosis.ts'
import { type DiagnosisJson, diagnose, type Knowing } from '../diagnosis/diagnose.ts'
import type { Story } from '../diagnosis/story.ts'
import type { AlertRule } from './alert-rule.ts'
import { foldChanges } from './fold-changes.ts'
import type { Memory } from './memory.ts'
import { observe } from './observe/observe.ts'
import type { CollectorFacts, Decided, Observation, UndeliveredFacts, World } from './observe/world.ts'

/** What evaluation goes by, besides the stored events. */
export type Knowledge = Omit<Knowing, 'nowMs' | 'phases'> & {
  readonly phases: () => Knowing['phases']
  /** How long alert rules learn that do not say so themselves, ms. */
  readonly learnMs: number
  readonly generations: Generations
}

export type Moment = {
  readonly store: Store
  readonly knowledge: Knowledge
  readonly memory: Memory
  readonly atMs: number
  readonly nowMs: number
  readonly arrival: Arrival
  readonly collector?: (() => CollectorFacts) | undefined
  readonly undelivered: () => UndeliveredFacts
}

/** What one rule found; `failed` says why it could not look. */
export type Looked =
  | { readonly kind: 'looked'; readonly rule: AlertRule; readonly found: readonly Observation[] }
  | { readonly kind: 'failed'; readonly rule: AlertRule; readonly error: unknown }

/** Looks at a moment with each rule, one after the other; a rule that cannot look is in nobody's way. */
export async function evaluate(rules: readonly AlertRule[], moment: Moment): Promise<Looked[]> {
  const world = worldAt(rules, moment)
  const looked: Looked[] = []
  for (const rule of rules) {
    try {
      looked.push({ kind: 'looked', rule, found: await observe(rule, world) })
    } catch (error) {
      looked.push({ kind: 'failed', rule, error })
    }
  }
  return foldChanges(looked)
}

/** A desktop is judged by all that was written of it in so much time before the longest window of a rule. */
const LIFE_MS = 86_400_000

function worldAt(rules: readonly AlertRule[], moment: Moment): World {
  const { store, knowledge, memory, atMs, nowMs, arrival, collector, undelivered } = moment
  const { generations, learnMs } = knowledge
  const told = rulesById(knowledge.rules)
  const longestMs = Math.max(0, ...rules.map((rule) => (rule.kind === 'sessions' ? rule.window : 0)))
  let states: Promise<ReadonlyMap<string, Decided>> | undefined
  let diagnoses: Promise<DiagnosisJson[]> | undefined
  return {
    ...{ store, memory, atMs, nowMs, arrival, undelivered, told, generations, learnMs },
    ...(collector === undefined ? {} : { collector }),
    states: () => {
      states ??= statesIn(store, memory)
      return states
    },
    diagnoses: () => {
      diagnoses ??= diagnosesAt(longestMs + LIFE_MS, moment)
      return diagnoses
    },
  }
}

/** Decisions are kept under one of the ids of a signature. */
async function statesIn(store: Store, { aliases = {} }: Memory): Promise<ReadonlyMap<string, Decided>> {
  const rows = (await selectStates(store)).sort((a, b) => a.atMs - b.atMs)
  return new Map(rows.map((row) => [aliases[row.id] ?? row.id, row]))
}

async function diagnosesAt(spanMs: number, { store, knowledge, atMs }: Moment): Promise<DiagnosisJson[]> {
  const story = await storyOf({ from: new Date(atMs - spanMs).toISOString() }, store, knowledge.rules)
  return diagnose(storyUpTo(story, atMs), { ...knowledge, phases: knowledge.phases(), nowMs: atMs })
}

/** The story as it was known then: what was written later does not count. */
function storyUpTo({ files, events, damaged }: Story, atMs: number): Story {
  const at = `${new Date(atMs).toISOString().slice(0, -1)}999Z`
  return {
    files: files
      .filter(({ first_ts }) => first_ts <= at)
      .map((file) => (file.last_ts > at ? { ...file, last_ts: at } : file)),
    events: events.filter(({ ts }) => ts <= at),
    damaged,
  }
}

/** Moments to look at on the way to `toMs`, in steps, or in larger ones where there would be too many. */
export function momentsBetween(fromMs: number, toMs: number, stepMs: number): number[] {
  if (toMs - fromMs < stepMs) return []
  const steps = Math.min(Math.floor((toMs - fromMs) / stepMs), MOST_STEPS)
  const width = (toMs - fromMs) / steps
  return Array.from({ length: steps }, (_, index) => Math.round(fromMs + width * (index + 1)))
}

/** After a long absence of the store the time between is looked at in so many steps. */
const MOST_STEPS = 30

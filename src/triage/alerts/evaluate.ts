import { rulesById } from '../../interpret/all-rules.ts'
import type { Generations } from '../../product-versions.ts'
import type { Arrival } from '../../store/alert-span.ts'
import type { Store } from '../../store/client.ts'
import { selectStates } from '../../store/signature-state.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import type { DiagnosisJson } from '../diagnosis/diagnosis-json.ts'
import { storyOf } from '../diagnosis/stored-story.ts'
import type { Story } from '../diagnosis/story.ts'
import type { DiagnosisContext } from '../diagnosis/world.ts'
import type { AlertRule } from './alert-rule.ts'
import { foldChanges } from './fold-changes.ts'
import type { Memory } from './memory.ts'
import { observe } from './observe/observe.ts'
import type { CollectorFacts, Decided, Observation, UndeliveredFacts, World } from './observe/world.ts'

/** What evaluation needs besides the stored events. */
export type Knowledge = Omit<DiagnosisContext, 'nowMs' | 'phases'> & {
  readonly phases: () => DiagnosisContext['phases']
  /** How long alert rules learn if they do not say so themselves, ms. */
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

/** What one rule found; `failed` says why it could not be evaluated. */
export type Looked =
  | { readonly kind: 'looked'; readonly rule: AlertRule; readonly found: readonly Observation[] }
  | { readonly kind: 'failed'; readonly rule: AlertRule; readonly error: unknown }

/** Evaluates the rules at one moment, one after the other. A rule that fails does not affect the others. */
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

/** A desktop is diagnosed from what was written about it since this long before the longest window of the rules. */
const LIFE_MS = 86_400_000

function worldAt(rules: readonly AlertRule[], moment: Moment): World {
  const { store, knowledge, memory, atMs, nowMs, arrival, collector, undelivered } = moment
  const { generations, learnMs } = knowledge
  const ruleById = rulesById(knowledge.rules)
  const longestMs = Math.max(0, ...rules.map((rule) => (rule.kind === 'sessions' ? rule.window : 0)))
  let states: Promise<ReadonlyMap<string, Decided>> | undefined
  let diagnoses: Promise<DiagnosisJson[]> | undefined
  return {
    ...{ store, memory, atMs, nowMs, arrival, undelivered, ruleById, generations, learnMs },
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

/** Decisions about signatures, each under the id by which the memory knows the signature. */
async function statesIn(store: Store, { aliases = {} }: Memory): Promise<ReadonlyMap<string, Decided>> {
  const rows = (await selectStates(store)).sort((a, b) => a.atMs - b.atMs)
  return new Map(rows.map((row) => [aliases[row.id] ?? row.id, row]))
}

async function diagnosesAt(spanMs: number, { store, knowledge, atMs }: Moment): Promise<DiagnosisJson[]> {
  const story = await storyOf({ from: new Date(atMs - spanMs).toISOString() }, store, knowledge.rules)
  return diagnose(storyUpTo(story, atMs), { ...knowledge, phases: knowledge.phases(), nowMs: atMs })
}

/** The story as it was known at `atMs`, without what was written later. */
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

/** The moments to evaluate on the way to `toMs`: in steps, which grow if there would be too many. */
export function momentsBetween(fromMs: number, toMs: number, stepMs: number): number[] {
  if (toMs - fromMs < stepMs) return []
  const steps = Math.min(Math.floor((toMs - fromMs) / stepMs), MOST_STEPS)
  const width = (toMs - fromMs) / steps
  return Array.from({ length: steps }, (_, index) => Math.round(fromMs + width * (index + 1)))
}

/** After a long outage of the store, the time between is evaluated in at most this many steps. */
const MOST_STEPS = 30

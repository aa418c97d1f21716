import { join } from 'node:path'
import { loadLayouts } from '../../src/collect/load-layouts.ts'
import type { EventJson } from '../../src/event-json.ts'
import { loadRules } from '../../src/interpret/load-rules.ts'
import { loadPhases } from '../../src/triage/diagnosis/course/phase-model.ts'
import { diagnosedStory } from '../../src/triage/diagnosis/diagnose.ts'
import type { DiagnosisJson } from '../../src/triage/diagnosis/diagnosis-json.ts'
import type { FileFacts, Story } from '../../src/triage/diagnosis/story.ts'
import type { Portal } from '../../src/triage/portal/portal-session.ts'

const RULES = [join(import.meta.dirname, '../../rules')]
const { generations } = loadLayouts(RULES)
export const rules = loadRules(RULES, generations)
const phases = loadPhases(RULES, new Set(rules.rules.map(({ id }) => id)))
const ruleOf = new Map(rules.rules.map((rule) => [rule.id, rule]))

/** When the stories of the tests begin. */
const BEGIN_MS = Date.parse('2026-05-04T10:00:00Z')

/** What a line of a story says: the rule that knows it, or `unknown: text` for a failure that none knows. */
export type Said =
  | string
  | { readonly rule: string; readonly message: string; readonly captures?: Record<string, string> }

export type LogOptions = Partial<Omit<FileFacts, 'file' | 'source'>> & {
  /** Minutes after the beginning at which each thing was said; without it the log has no times but that of its end. */
  readonly minutes?: readonly number[]
  /** Minutes after the beginning at which its last line was written. */
  readonly end?: number
}

/** One log of a story and the events in it. */
export type ToldLog = { readonly facts: FileFacts; readonly events: readonly EventJson[] }

const NOBODY = { profile: 'soca-2', cluster: 'soca-lab', owner: '', session: '', session_uuid: '', host: '' }

/** A log of this kind in which these things are said, one after the other. */
export function log(source: string, said: readonly Said[], options: LogOptions = {}): ToldLog {
  const { minutes, end = minutes?.at(-1) ?? said.length, ...identity } = options
  const place = { ...NOBODY, ...identity }
  const file = `/logs/${place.cluster}/${place.owner}/${place.session}/${place.session_uuid}/${place.host}/${source}.log`
  const events = said.map((one, index) => {
    const time = isoOf(minutes?.[index] ?? end)
    return eventOf(one, {
      ...place,
      source,
      file,
      offset: index * 100,
      ts: time,
      ts_quality: minutes === undefined ? 'mtime' : 'parsed',
    })
  })
  return {
    facts: { ...place, source, file, first_ts: isoOf(minutes?.[0] ?? end), last_ts: isoOf(end) },
    events,
  }
}

/** Diagnoses a story as of so many minutes after its beginning. */
export function diagnosed(logs: readonly ToldLog[], asOf = 600, portal?: Portal): DiagnosisJson[] {
  return judged(logs, asOf, portal).map(({ diagnosis }) => diagnosis)
}

/** The events that rules make of several events of a story. */
export function madeOf(logs: readonly ToldLog[], asOf = 600, portal?: Portal): EventJson[] {
  return judged(logs, asOf, portal).flatMap(({ made }) => made)
}

/** The events of a story that tell of no desktop in it. */
export function ofNoDesktop(logs: readonly ToldLog[]): readonly EventJson[] {
  return judgedStory(logs, 600, undefined).ofNoDesktop
}

function judged(...story: Parameters<typeof judgedStory>) {
  return judgedStory(...story).desktops
}

function judgedStory(logs: readonly ToldLog[], asOf: number, portal: Portal | undefined) {
  const story: Story = {
    ...(portal === undefined ? {} : { portal }),
    files: logs.map(({ facts }) => facts),
    events: logs.flatMap(({ events }) => events),
    damaged: new Set(),
  }
  return diagnosedStory(story, {
    rules,
    phases,
    generations,
    nowMs: BEGIN_MS + asOf * 60_000,
  })
}

function isoOf(minutes: number): string {
  return new Date(BEGIN_MS + minutes * 60_000).toISOString()
}

type Place = Omit<FileFacts, 'first_ts' | 'last_ts'> & {
  readonly offset: number
  readonly ts: string
  readonly ts_quality: string
}

function eventOf(said: Said, place: Place): EventJson {
  const common = {
    ...place,
    event_id: `${place.file}:${place.offset}`,
    file_id: place.file,
    generation: 0,
    length: 100,
  }
  if (typeof said === 'string' && said.startsWith('unknown: ')) {
    return { ...common, message: said.slice('unknown: '.length), kind: 'unknown', severity: 'error' }
  }
  const { rule: id, message, captures = {} } = typeof said === 'string' ? { rule: said, message: said } : said
  const rule = ruleOf.get(id)
  if (rule === undefined) throw new Error(`${id} is no rule`)
  const { kind, severity } = rule
  if (kind === 'benign') throw new Error(`${id} makes no event`)
  return {
    ...common,
    ...{ message, captures, kind, severity, rule_id: id, rule_version: rule.version },
    ...(rule.phase === '' ? {} : { phase: rule.phase }),
    ...(rule.layer === '' ? {} : { layer: rule.layer }),
  }
}

import { durationText } from '../../../duration.ts'
import type { DiagnosisJson } from '../../diagnosis/diagnosis-json.ts'
import { grouped } from '../../grouped.ts'
import type { AlertRuleOf } from '../alert-rule.ts'
import { lineOf, plural } from './notice-words.ts'
import type { Observation, World } from './world.ts'

type Rule = AlertRuleOf<'sessions'>

const NAMED = 5

/** Desktops that failed or stalled within a window, counted by what they have in common. */
export async function observeSessions(rule: Rule, world: World): Promise<readonly Observation[]> {
  const fromMs = world.atMs - rule.window
  const found = (await world.diagnoses()).filter(
    (diagnosis) =>
      (rule.status as readonly string[]).includes(diagnosis.status) && momentOf(diagnosis) > fromMs,
  )
  return [...grouped(found, (diagnosis) => JSON.stringify(labelsOf(rule, diagnosis))).values()]
    .filter((group) => group.length >= rule.at_least)
    .map((group) => observation(rule, group))
}

/** When it failed or stalled. For a desktop that never wrote, when it was requested; 0 if nothing says. */
export function momentOf({ evidence, phases, portal }: DiagnosisJson): number {
  const times = [evidence[0]?.ts, ...phases.map(({ end, start }) => end ?? start), portal?.created_at]
  return Date.parse(times.find((time) => time !== undefined) ?? '') || 0
}

function labelsOf({ by }: Rule, diagnosis: DiagnosisJson): Record<string, string> {
  const values = {
    ...{
      cluster: diagnosis.cluster,
      profile: diagnosis.profile,
      os: diagnosis.os,
      session: diagnosis.session,
    },
    phase: diagnosis.verdict?.phase ?? '',
    rule: diagnosis.verdict?.rule_id ?? '',
  }
  return Object.fromEntries(by.map((name) => [name === 'rule' ? 'signature' : name, values[name]]))
}

function observation(rule: Rule, group: readonly DiagnosisJson[]): Observation {
  const [first] = group
  const worst = mostCommon(group) ?? first
  const names = group.slice(0, NAMED).map(({ session }) => session)
  const more = group.length - names.length
  const status = rule.status.join(' or ')
  const example = worst?.evidence[0]
  return {
    labels: first === undefined ? {} : labelsOf(rule, first),
    value: group.length,
    notes: {
      summary: `${plural(group.length, 'desktop')} ${status} within ${durationText(rule.window)}${worst?.verdict === undefined ? '' : `: ${worst.verdict.title}`}`,
      description: causesOf(group),
      where: `desktop ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
      count: String(group.length),
      ...(worst?.verdict === undefined
        ? {}
        : { cause: worst.verdict.explain, remedy: worst.verdict.remedy.join('\n') }),
      ...(example === undefined
        ? {}
        : { example: lineOf(example.message), example_file: example.file, event_id: example.event_id }),
    },
  }
}

function countsOf(group: readonly DiagnosisJson[]): [title: string, count: number][] {
  const counts = new Map<string, number>()
  for (const { verdict } of group) {
    const title = verdict?.title ?? 'nothing is known of the cause'
    counts.set(title, (counts.get(title) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])
}

function mostCommon(group: readonly DiagnosisJson[]): DiagnosisJson | undefined {
  const [most] = countsOf(group)
  return group.find(({ verdict }) => verdict?.title === most?.[0])
}

function causesOf(group: readonly DiagnosisJson[]): string {
  const causes = countsOf(group).slice(0, NAMED)
  return causes.map(([title, count]) => `${count} × ${title}`).join('; ')
}

import { durationText } from '../../../duration.ts'
import { type LastTime, selectLastTimes } from '../../../store/collector-query.ts'
import type { AlertRuleOf } from '../alert-rule.ts'
import { isoSeconds } from './notice-words.ts'
import type { Observation, World } from './world.ts'

/** Sources that wrote something recently, and then nothing for too long. */
export async function observeAbsence(
  rule: AlertRuleOf<'absence'>,
  world: World,
): Promise<readonly Observation[]> {
  const span = { fromMs: world.atMs - Math.max(rule.known, rule.quiet), toMs: world.atMs }
  const rows = await selectLastTimes(world.store, span, rule.sources)
  const groups = new Map<string, { readonly labels: Record<string, string>; last: number }>()
  for (const row of rows) {
    const labels = labelsOf(rule, row)
    const key = JSON.stringify(labels)
    const group = groups.get(key) ?? { labels, last: 0 }
    group.last = Math.max(group.last, row.last_ms)
    groups.set(key, group)
  }
  return [...groups.values()]
    .filter(({ last }) => world.atMs - last > rule.quiet)
    .map(({ labels, last }) => {
      const minutes = Math.round((world.atMs - last) / 60_000)
      const where = rule.by.map((name) => `${name} ${labels[name]}`).join(', ')
      return {
        labels,
        value: minutes,
        notes: {
          summary: `Nothing from ${labels['source']} for ${durationText(minutes * 60_000)}`,
          description: `Its last line was written at ${isoSeconds(last)}; a pause of ${durationText(rule.quiet)} is usual at most.`,
          where,
          count: '0',
        },
      }
    })
}

function labelsOf({ by }: AlertRuleOf<'absence'>, row: LastTime): Record<string, string> {
  return { source: row.source, ...Object.fromEntries(by.map((name) => [name, row[name]])) }
}

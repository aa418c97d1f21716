import { durationText } from '../../../duration.ts'
import { selectNotedLosses } from '../../../store/collector-query.ts'
import type { AlertRuleOf } from '../alert-rule.ts'
import { plural } from './notice-words.ts'
import type { Observation, World } from './world.ts'

type Rule = AlertRuleOf<'collector'>

/** What is wrong with the collection itself: while it is, silence of the other rules means nothing. */
export async function observeCollector(rule: Rule, world: World): Promise<readonly Observation[]> {
  const { collector, undelivered, nowMs } = world
  switch (rule.trouble) {
    case 'losses':
      return lossesOf(rule, world)
    case 'undelivered': {
      const { count, reason } = undelivered()
      const notes = { summary: `${plural(count, 'notice')} could not be delivered`, description: reason }
      return count > rule.over ? [trouble(rule, count, notes)] : []
    }
    case 'unreadable': {
      const { count, example } = collector?.().unreadable ?? { count: 0, example: '' }
      const notes = {
        summary: `${plural(count, 'file')} cannot be read`,
        description: `One of them: ${example}`,
      }
      return count > rule.over ? [trouble(rule, count, notes)] : []
    }
    case 'store_down':
      return since(rule, collector?.().storeDownSinceMs, nowMs, 'The store takes no rows')
    case 'behind':
      return since(rule, collector?.().waitingSinceMs, nowMs, 'Lines wait to be stored')
  }
}

function since(rule: Rule, sinceMs: number | undefined, nowMs: number, summary: string): Observation[] {
  const seconds = sinceMs === undefined ? 0 : (nowMs - sinceMs) / 1000
  if (sinceMs === undefined || seconds <= rule.over) return []
  const description = `Since ${new Date(sinceMs).toISOString()}; nothing is lost, lines wait on the disk.`
  return [trouble(rule, Math.round(seconds), { summary, description })]
}

async function lossesOf(rule: Rule, { store, nowMs }: World): Promise<Observation[]> {
  const rows = await selectNotedLosses(store, { fromMs: nowMs - rule.window, toMs: nowMs })
  return rows
    .filter(({ bytes, count }) => Math.max(bytes, count) > rule.over)
    .map(({ reason, bytes, count, files, example }) => {
      const within = `within ${durationText(rule.window)}`
      const summary = `${plural(count, 'loss', 'losses')} (${reason}) ${within}`
      const description = `${plural(bytes, 'byte')} of ${plural(files, 'file')}, the last of them ${example}.`
      return trouble(rule, count, { summary, description }, { reason })
    })
}

function trouble(
  rule: Rule,
  value: number,
  notes: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = {},
): Observation {
  return { labels: { trouble: rule.trouble, ...labels }, value, notes: { ...notes, count: String(value) } }
}

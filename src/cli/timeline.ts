import { usageError } from '../errors.ts'
import type { EventJson } from '../event-json.ts'
import type { Params } from './answers.ts'
import { type AddCommand, withCommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { printItems, tellCut } from './print-items.ts'
import { type AskOptions, addRange, numbered, paramsOf, question } from './question-command.ts'
import { pointInTime } from './time-option.ts'
import { timelineText } from './timeline-text.ts'

export const timelineCommand: AddCommand = (program, io) => {
  const command = withCommonOptions(program.command('timeline')).description(
    'what happened to one desktop, in order',
  )
  addRange(command)
    .argument('<SESSION>', 'owner/name, or a host whose desktop is not known')
    .option('--all', 'every line of its own logs, not only events')
    .option('--around <TIME>', 'from a quarter of an hour before this time to a quarter after')
    .option('--source <KIND>', 'only this kind of log')
    .option('--severity <SEVERITY>', 'only events at or above info, warning, error or critical')
    .option('--limit <N>', 'at most this many (default: 1000)')
    .action(async (session: string, options: AskOptions) => {
      const params = paramsOf({ session, ...aroundOf(options, io) }, options, io)
      const page = await question('timeline', params, options, io)
      const items = [...page.items] as EventJson[]
      printItems(await numbered(items, options, io), options, io, {
        text: (rows) => timelineText(rows, options.utc === true, io),
        none: items.length > 0 || options.json === true ? '' : await noEvents(session, options, io),
      })
      tellCut(page, options, io)
    })
}

/** The message for an empty timeline; suggests --all only if there are lines to show. */
async function noEvents(session: string, options: AskOptions, io: Io): Promise<string> {
  if (isPart(options)) return `no event of ${session} matches`
  const { ask } = await import('./ask.ts')
  const lines = await ask('timeline', { session, all: 'true', limit: '1' }, options, io)
  return lines.length > 0
    ? `no event is known of ${session}; its lines are shown with --all`
    : `${session} has no line that is stored; what is known of it: dcvlens diagnose ${session}`
}

/** Is only a part of the timeline wanted? */
function isPart({ from, to, around, source, severity }: AskOptions): boolean {
  return [from, to, around, source, severity].some((one) => one !== undefined)
}

const AROUND_MS = 15 * 60_000

/** The range around a time. */
function aroundOf(options: AskOptions, io: Io): Params {
  const at = pointInTime('around', options.around, io.clock.nowMs(), options)
  if (at === undefined) return {}
  if (options.from !== undefined || options.to !== undefined)
    throw usageError('E_OPTION', '--around excludes --from and --to', 'Give --around, or a range.')
  const bound = (ms: number) => new Date(Date.parse(at) + ms).toISOString()
  return { from: bound(-AROUND_MS), to: bound(AROUND_MS) }
}

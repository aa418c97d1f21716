import { usageError } from '../errors.ts'
import type { EventJson } from '../event-json.ts'
import type { SessionJson } from '../triage/sessions/session-json.ts'
import type { TrendJson } from '../triage/trends.ts'
import type { Params } from './answers.ts'
import type { askPage } from './ask.ts'
import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { givenParams } from './params.ts'
import { printItems, tellCut } from './print-items.ts'
import { eventLines, sessionTable, trendTable } from './question-tables.ts'
import { pointInTime, TIMES } from './time-option.ts'
import { timelineText } from './timeline-text.ts'

type AskOptions = CommonOptions & {
  readonly from?: string
  readonly to?: string
  readonly limit?: string
  readonly utc?: boolean
  readonly owner?: string
  readonly session?: string
  readonly host?: string
  readonly source?: string
  readonly rule?: string
  readonly bucket?: string
  readonly all?: boolean
  readonly around?: string
  readonly severity?: string
  readonly kind?: string
  readonly milestones?: boolean
  readonly status?: string
  readonly active?: boolean
  readonly inactive?: boolean
  readonly uuid?: string
  readonly off?: string
}

const RANGE = [
  ['--from <TIME>', `not before: ${TIMES}`],
  ['--to <TIME>', 'before this time'],
  ['--utc', 'show times in UTC'],
] as const

export const sessionsCommand: AddCommand = (program, io) => {
  const command = withCommonOptions(program.command('sessions')).description(
    'desktops, newest first, and hosts whose desktop is not known',
  )
  addRange(command)
    .option('--owner <NAME>', 'only those of this user')
    .option(
      '--status <STATUS>',
      'only those that are ready, failed, stalled, in_progress, stopped or unknown',
    )
    .option('--active', 'only those that are active in the portal')
    .option('--inactive', 'only those that were deleted from the portal')
    .option('--uuid <ID>', 'only the one with this id in the portal')
    .option('--off <DAY>', 'only those whose schedule keeps them off on this day (monday, …)')
    .option('--limit <N>', 'at most this many (default: 1000)')
    .action(async (options: AskOptions) => {
      const { active, inactive, owner, status, uuid, off, from, to } = options
      if (active === true && inactive === true) {
        throw usageError('E_OPTION', '--active and --inactive exclude each other', 'Give one of them.')
      }
      const page = await question('sessions', paramsOf({}, options, io), options, io)
      const isSifted = [active, inactive, owner, status, uuid, off, from, to].some((one) => one !== undefined)
      const none = isSifted ? 'no desktop matches' : 'no desktops are known yet'
      const items = page.items as readonly SessionJson[]
      printItems(items, options, io, { text: (rows) => sessionTable(rows, options, io), none })
      tellCut(page, options, io)
    })
}

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

export const trendsCommand: AddCommand = (program, io) => {
  const command = withCommonOptions(program.command('trends')).description('failures over time')
  addRange(command)
    .option('--bucket <SIZE>', '1m, 5m, 15m, 1h or 1d (default: 1h)')
    .option('--rule <ID>', 'only this rule')
    .option('--session <OWNER/NAME>', 'only this desktop, or this host')
    .option(
      '--severity <SEVERITY>',
      'only events at or above info, warning, error or critical (default: warning; all of --rule)',
    )
    .option('--milestones', 'count milestones as well')
    .action(async (options: AskOptions) => {
      const { items } = await question('trends', paramsOf({}, options, io), options, io)
      printItems(items as readonly TrendJson[], options, io, {
        text: (rows) => trendTable(rows, options, io),
        none: 'no failures',
      })
    })
}

export const searchCommand: AddCommand = (program, io) => {
  const command = withCommonOptions(program.command('search')).description(
    'lines that contain a text, newest first',
  )
  addRange(command)
    .argument('<TEXT>', 'text in the message; upper and lower case are the same')
    .option('--session <OWNER/NAME>', 'only this desktop, or this host')
    .option('--host <NAME>', 'only this host')
    .option('--source <KIND>', 'only this kind of log')
    .option('--severity <SEVERITY>', 'only events at or above info, warning, error or critical')
    .option('--rule <ID>', 'only lines that this rule matches')
    .option('--kind <KIND>', 'only events that are a signature, a milestone or unknown')
    .option('--limit <N>', 'at most this many (default: 100)')
    .action(async (text: string, options: AskOptions) => {
      const page = await question('search', paramsOf({ text }, options, io), options, io)
      const items = [...page.items] as EventJson[]
      const shown = options.json === true ? items : await numbered(items, options, io)
      printItems(shown, options, io, {
        text: (rows) => eventLines(rows, options, io),
        none: 'no line contains it',
      })
      tellCut(page, options, io)
    })
}

const AROUND_MS = 15 * 60_000

/** The range around a time; it overrides --from and --to. */
function aroundOf(options: AskOptions, io: Io): Params {
  const at = pointInTime('around', options.around, io.clock.nowMs(), options)
  if (at === undefined) return {}
  const bound = (ms: number) => new Date(Date.parse(at) + ms).toISOString()
  return { from: bound(-AROUND_MS), to: bound(AROUND_MS) }
}

/** Loads the store and its client only when something is asked. */
async function question(...args: Parameters<typeof askPage>): ReturnType<typeof askPage> {
  return (await import('./ask.ts')).askPage(...args)
}

async function numbered(items: EventJson[], options: AskOptions, io: Io): Promise<EventJson[]> {
  const { withLineNumbers, withShownLines } = await import('./line-numbers.ts')
  return options.json === true
    ? withLineNumbers(items, options, io.clock)
    : withShownLines(items, options, io.clock)
}

function addRange(command: ReturnType<typeof withCommonOptions>): ReturnType<typeof withCommonOptions> {
  for (const [flags, text] of RANGE) command.option(flags, text)
  return command
}

function paramsOf(given: Params, options: AskOptions, io: Io): Params {
  const now = io.clock.nowMs()
  const { owner, session, host, source, severity, rule, bucket, limit, all, milestones } = options
  const { status, active, inactive, uuid, off, kind } = options
  return givenParams({
    owner,
    session,
    host,
    source,
    severity,
    kind,
    rule,
    bucket,
    limit,
    status,
    uuid,
    off,
    active: active === true ? 'true' : undefined,
    inactive: inactive === true ? 'true' : undefined,
    all: all === true ? 'true' : undefined,
    milestones: milestones === true ? 'true' : undefined,
    from: pointInTime('from', options.from, now, options),
    to: pointInTime('to', options.to, now, options),
    ...given,
  })
}

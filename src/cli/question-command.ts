import type { EventJson } from '../event-json.ts'
import type { Params } from './answers.ts'
import type { askPage } from './ask.ts'
import type { CommonOptions, Program } from './command.ts'
import type { Io } from './io.ts'
import { givenParams } from './params.ts'
import { pointInTime, TIMES } from './time-option.ts'

/** Options of the commands that ask questions; each command has some of them. */
export type AskOptions = CommonOptions & {
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

/** Adds the options for a time range. */
export function addRange(command: Program): Program {
  for (const [flags, text] of RANGE) command.option(flags, text)
  return command
}

/** Asks a question. Loads the store and its client only now, since most commands need neither. */
export async function question(...args: Parameters<typeof askPage>): ReturnType<typeof askPage> {
  return (await import('./ask.ts')).askPage(...args)
}

/** Adds line numbers to events, as far as their files can be found here. */
export async function numbered(items: EventJson[], options: AskOptions, io: Io): Promise<EventJson[]> {
  const { withLineNumbers, withShownLines } = await import('./line-numbers.ts')
  return options.json === true
    ? withLineNumbers(items, options, io.clock)
    : withShownLines(items, options, io.clock)
}

/** The parameters of a question; those in `given` override the options. */
export function paramsOf(given: Params, options: AskOptions, io: Io): Params {
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

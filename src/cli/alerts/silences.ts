import { Duration } from '../../duration.ts'
import { usageError } from '../../errors.ts'
import type { SilenceJson } from '../../triage/alerts/desk.ts'
import { matcherOf, matcherText } from '../../triage/alerts/matchers.ts'
import { newSilence, SilenceRequest } from '../../triage/alerts/silence.ts'
import type { ListOptions, SilenceOptions } from '../alerts.ts'
import type { CommonOptions } from '../command.ts'
import type { Io } from '../io.ts'
import { printItems } from '../print-items.ts'
import { printable } from '../printable.ts'
import { tableText } from '../table.ts'
import { timeText } from '../time-text.ts'
import { withDesk } from './open-desk.ts'

/** Makes a silence. Faults in its options are reported before anything is opened. */
export async function addSilence(texts: readonly string[], options: SilenceOptions, io: Io): Promise<void> {
  const request = requestOf(texts, options, io.clock.nowMs())
  newSilence(request, io.clock.nowMs())
  const silence = await withDesk(options, io, (desk) => desk.silence(request))
  io.out(options.json === true ? `${JSON.stringify(silence)}\n` : `${silence.id}\n`)
}

/** Ends a silence. */
export async function removeSilence(id: string, options: CommonOptions, io: Io): Promise<void> {
  await withDesk(options, io, (desk) => desk.endSilence(id))
  if (options.json !== true) io.err('the silence is over\n')
}

/** Prints one line for each silence. */
export async function listSilences(options: ListOptions, io: Io): Promise<void> {
  const silences = await withDesk(options, io, (desk) => desk.silences())
  printItems(silences, options, io, {
    text: (rows) => silenceTable(rows, options.utc === true, io),
    none: 'no silences',
  })
}

function requestOf(texts: readonly string[], options: SilenceOptions, nowMs: number): SilenceRequest {
  const matchers = texts.map((text) => {
    const matcher = matcherOf(text)
    if (matcher !== undefined) return matcher
    throw usageError(
      'E_OPTION',
      `${text} is not a matcher`,
      'Write name=value, name!=value, name=~regex or name!~regex.',
    )
  })
  const duration = Duration.safeParse(options.for)
  if (!duration.success)
    throw usageError('E_OPTION', `--for ${options.for} is not a span of time`, 'Use 30m, 2h or 1d.')
  const request = SilenceRequest.safeParse({
    matchers,
    ends_at: new Date(nowMs + duration.data).toISOString(),
    created_by: options.by,
    comment: options.comment,
  })
  if (request.success) return request.data
  const [issue] = request.error.issues
  const option = issue?.path[0] === 'created_by' ? 'by' : String(issue?.path[0])
  throw usageError('E_OPTION', `--${option} ${issue?.message}`, 'See `dcvlens alerts silence --help`.')
}

function silenceTable(silences: readonly SilenceJson[], utc: boolean, io: Io): string {
  return tableText<SilenceJson>(
    [
      { head: 'ID', cell: ({ id }) => id },
      { head: 'STATE', cell: ({ state }) => state, spare: 1 },
      { head: 'UNTIL', cell: ({ ends_at }) => timeText(ends_at, utc) },
      { head: 'BY', cell: ({ created_by }) => printable(created_by, ''), spare: 2 },
      { head: 'MATCHERS', cell: ({ matchers }) => matchers.map(matcherText).join(' '), least: 16 },
      { head: 'COMMENT', cell: ({ comment }) => printable(comment, ''), least: 12, spare: 3 },
    ],
    silences,
    io,
  )
}

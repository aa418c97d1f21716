import { userInfo } from 'node:os'
import { loadConfig } from '../config.ts'
import { usageError } from '../errors.ts'
import { parameterFault } from '../triage/answers.ts'
import type { SignatureJson } from '../triage/novelty/ask-signatures.ts'
import { type Change, ChangeSchema } from '../triage/novelty/change-state.ts'
import { ask, openAnswers } from './ask.ts'
import { grouped } from './counted.ts'
import type { Io } from './io.ts'
import { noSignature } from './no-signature.ts'
import { paint, type Style, severityStyle } from './paint.ts'
import { printable } from './printable.ts'
import type { DecideOptions, SignaturesOptions } from './signatures.ts'
import { tableText } from './table.ts'
import { pointInTime, pointToCome, timeText } from './time-text.ts'

const MAX_TITLE = 100
const BARS = ' ▁▂▃▄▅▆▇█'

/** Prints the signatures that are asked for. */
export async function listSignatures(options: SignaturesOptions, io: Io): Promise<void> {
  const now = io.clock.nowMs()
  const { kind, state, severity, q, limit } = options
  const asked = {
    ...{ kind, state, severity, q, limit },
    from: pointInTime('from', options.from, now, options),
    to: pointInTime('to', options.to, now, options),
  }
  const params = Object.fromEntries(
    Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const items = (await ask('signatures', params, options, io)) as SignatureJson[]
  if (options.json === true) for (const item of items) io.out(`${JSON.stringify(item)}\n`)
  else if (items.length === 0) {
    const isSifted = Object.keys(params).some((name) => name !== 'limit')
    io.err(isSifted ? 'no failure is like that\n' : 'no failures are known yet\n')
  } else io.out(signatureTable(items, options, io))
}

/** Stores what a person decided about a signature and prints it as it is now. */
export async function decideSignature(
  action: Change['action'],
  id: string,
  options: DecideOptions,
  io: Io,
): Promise<void> {
  const { below, note } = options
  const until = pointToCome('until', options.until, io.clock.nowMs(), options)
  const author = options.by ?? userHere(io)
  const change = checked({
    action,
    ...(until === undefined ? {} : { until }),
    ...(below === undefined ? {} : { below }),
    ...(note === undefined ? {} : { note }),
    author,
  })
  const answers = await openAnswers(loadConfig(options.config, options), io)
  try {
    const signature = await answers.change(id, change)
    if (signature === undefined) throw noSignature(id)
    if (options.json === true) io.out(`${JSON.stringify(signature)}\n`)
    else io.out(`${signature.id} is ${signature.state} now: ${printable(signature.title, '  ')}\n`)
  } finally {
    await answers.close()
  }
}

/** Who asks, as the machine knows him. */
function userHere({ env }: Io): string {
  try {
    return userInfo().username
  } catch {
    // The number of a user may have no name, as in a container.
    return env['USER'] ?? `user ${process.getuid?.() ?? ''}`.trim()
  }
}

function checked(change: Change): Change {
  try {
    ChangeSchema.parse(change)
    return change
  } catch (error) {
    const fault = parameterFault(error)
    if (fault === undefined) throw error
    throw usageError(
      'E_OPTION',
      `--${fault.name === 'author' ? 'by' : fault.name} ${fault.text}`,
      `See \`dcvlens signatures ${change.action} --help\`.`,
    )
  }
}

const STATE: Record<SignatureJson['state'], Style> = {
  new: 'yellow',
  regressed: 'red',
  acknowledged: 'cyan',
  known: 'green',
  ignored: 'dim',
  resolved: 'dim',
}

function signatureTable(signatures: readonly SignatureJson[], { utc }: SignaturesOptions, io: Io): string {
  return tableText<SignatureJson>(
    [
      {
        head: 'STATE',
        cell: ({ state, escalating }) => (escalating ? `${state} ↑` : state),
        paint: ({ state }, cell) => paint(io, STATE[state], cell),
      },
      { head: 'ID', cell: ({ id }) => id },
      {
        head: 'SEVERITY',
        cell: ({ severity }) => severity,
        paint: ({ severity }, cell) => paint(io, severityStyle(severity as 'info'), cell),
      },
      { head: 'COUNT', cell: ({ count }) => grouped(count), right: true },
      { head: 'DESKTOPS', cell: ({ sessions }) => String(sessions), right: true },
      { head: 'HOSTS', cell: ({ hosts }) => String(hosts), right: true },
      { head: 'LAST SEEN', cell: ({ last_seen }) => timeText(last_seen, utc === true) },
      { head: 'LAST DAY', cell: ({ trend }) => sparkline(trend) },
      { head: 'WHAT', cell: ({ title }) => cut(printable(title, ' ').replaceAll('\n', ' ')) },
    ],
    signatures,
  )
}

function cut(text: string): string {
  return text.length > MAX_TITLE ? `${text.slice(0, MAX_TITLE - 1)}…` : text
}

/** One bar an hour; an empty day is blank. */
function sparkline(trend: readonly number[]): string {
  const most = Math.max(1, ...trend)
  return trend.map((count) => BARS.charAt(Math.ceil((count / most) * (BARS.length - 1)))).join('')
}

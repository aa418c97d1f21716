import type { SignatureJson } from '../triage/novelty/ask-signatures.ts'
import { askPage } from './ask.ts'
import { grouped } from './counted.ts'
import { excerpt } from './excerpt.ts'
import type { Io } from './io.ts'
import { paint, type Style, severityStyle } from './paint.ts'
import { givenParams } from './params.ts'
import { printItems, tellCut } from './print-items.ts'
import { printable } from './printable.ts'
import type { SignaturesOptions } from './signatures.ts'
import { tableText } from './table.ts'
import { pointInTime } from './time-option.ts'
import { timeText } from './time-text.ts'

const MAX_TITLE = 99
const BARS = ' ▁▂▃▄▅▆▇█'

/** Prints the signatures that the options select. */
export async function listSignatures(options: SignaturesOptions, io: Io): Promise<void> {
  const now = io.clock.nowMs()
  const { kind, state, severity, q, limit } = options
  const params = givenParams({
    ...{ kind, state, severity, q, limit },
    from: pointInTime('from', options.from, now, options),
    to: pointInTime('to', options.to, now, options),
  })
  const page = await askPage('signatures', params, options, io)
  const isSifted = Object.keys(params).some((name) => name !== 'limit')
  printItems(page.items as readonly SignatureJson[], options, io, {
    text: (rows) => signatureTable(rows, options, io),
    none: isSifted ? 'no failure matches' : 'no failures are known yet',
  })
  tellCut(page, options, io)
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
        spare: 5,
        paint: ({ severity }, cell) => paint(io, severityStyle(severity), cell),
      },
      { head: 'COUNT', cell: ({ count }) => grouped(count), right: true, spare: 6 },
      { head: 'DESKTOPS', cell: ({ sessions }) => String(sessions), right: true, spare: 3 },
      { head: 'HOSTS', cell: ({ hosts }) => String(hosts), right: true, spare: 2 },
      { head: 'LAST SEEN', cell: ({ last_seen }) => timeText(last_seen, utc === true), spare: 4 },
      { head: 'LAST DAY', cell: ({ trend }) => sparkline(trend), spare: 1 },
      {
        head: 'WHAT',
        cell: ({ title }) => excerpt(printable(title, ' ').replaceAll('\n', ' '), MAX_TITLE),
        least: 24,
      },
    ],
    signatures,
    io,
  )
}

/** One bar per hour; an empty day is blank. */
function sparkline(trend: readonly number[]): string {
  const most = Math.max(1, ...trend)
  return trend.map((count) => BARS.charAt(Math.ceil((count / most) * (BARS.length - 1)))).join('')
}

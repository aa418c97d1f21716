import { LOSS_REASONS } from '../model.ts'
import type { LedgerRow, LossRow } from '../store/ledger-query.ts'
import type { Params } from './answers.ts'
import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'
import { counted, grouped } from './counted.ts'
import type { Io } from './io.ts'
import { paint } from './paint.ts'
import { givenParams } from './params.ts'
import { tellCut } from './print-items.ts'
import { oneLine, printable } from './printable.ts'
import { pointInTime, TIMES } from './time-option.ts'
import { timeText } from './time-text.ts'

type LedgerOptions = CommonOptions & {
  readonly from?: string
  readonly to?: string
  readonly reason?: string
  readonly all?: boolean
  readonly limit?: string
  readonly utc?: boolean
}

export const ledgerCommand: AddCommand = (program, io) => {
  withCommonOptions(program.command('ledger'))
    .description('what is stored of each file and what is not, with the reason')
    .argument('[FILE]', 'only this file, or the files below this folder, as the store names them')
    .option('--all', 'include files without a loss')
    .option('--reason <REASON>', `only losses of this reason: ${LOSS_REASONS.join(', ')}`)
    .option('--from <TIME>', `losses noted not before: ${TIMES}`)
    .option('--to <TIME>', 'losses noted before')
    .option('--utc', 'show times in UTC')
    .option('--limit <N>', 'at most this many files (default: 1000)')
    .action(async (file: string | undefined, options: LedgerOptions) => {
      const { askPage } = await import('./ask.ts')
      const page = await askPage('ledger', paramsOf(file, options, io), options, io)
      const rows = page.items as readonly LedgerRow[]
      if (options.json === true) for (const row of rows) io.out(`${JSON.stringify(row)}\n`)
      else if (rows.length > 0) io.out(rows.map((row) => fileText(row, options, io)).join('\n'))
      else io.err(options.all === true ? 'nothing is stored\n' : 'no losses\n')
      tellCut(page, options, io)
    })
}

function paramsOf(file: string | undefined, options: LedgerOptions, io: Io): Params {
  const now = io.clock.nowMs()
  return givenParams({
    file,
    reason: options.reason,
    limit: options.limit,
    all: options.all === true ? 'true' : undefined,
    from: pointInTime('from', options.from, now, options),
    to: pointInTime('to', options.to, now, options),
  })
}

/** A file and its losses, one loss on each line. */
function fileText(row: LedgerRow, options: LedgerOptions, io: Io): string {
  const name = paint(io, 'bold', oneLine(row.file))
  const generation = row.generation > 0 ? ` (generation ${row.generation})` : ''
  const stored =
    row.rows > 0
      ? `${counted(row.rows, 'row')} with ${counted(row.bytes, 'byte')} stored`
      : 'nothing is stored'
  const lost = row.lost_bytes > 0 ? `, ${paint(io, 'red', `${counted(row.lost_bytes, 'byte')} lost`)}` : ''
  const more = row.loss_count - row.losses.length
  return [
    `${name}${generation}\n  ${stored}${lost}\n`,
    ...row.losses.map((loss) => lossText(loss, row.rows > 0, options, io)),
    ...(more > 0 ? [`  and ${grouped(more)} more\n`] : []),
  ].join('')
}

function lossText(loss: LossRow, hasRows: boolean, options: LedgerOptions, io: Io): string {
  const style = loss.length > 0 ? 'red' : 'yellow'
  const reason = paint(io, style, loss.reason.padEnd(13))
  const bytes = loss.length > 0 ? `${counted(loss.length, 'byte')} ` : ''
  const at = paint(io, 'dim', timeText(loss.at, options.utc === true))
  const place = hasRows || loss.length > 0 ? `${bytes}at byte ${grouped(loss.offset)}: ` : ''
  return `  ${at}  ${reason}  ${place}${printable(loss.detail, '    ')}\n`
}

import { loadConfig } from '../config.ts'
import type { HistoryJson } from '../triage/novelty/ask-signatures.ts'
import { openAnswers } from './ask.ts'
import type { CommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { noSignature } from './no-signature.ts'
import { printItems } from './print-items.ts'
import { printable } from './printable.ts'
import { tableText } from './table.ts'
import { timeText } from './time-text.ts'

export type HistoryOptions = CommonOptions & { readonly utc?: boolean }

/** Prints the decisions about a signature, by whom and why, and its automatic changes; oldest first. */
export async function showHistory(id: string, options: HistoryOptions, io: Io): Promise<void> {
  const answers = await openAnswers(loadConfig(options.config, options), io)
  try {
    const history = await answers.history(id)
    if (history === undefined) throw noSignature(id)
    printItems(history, options, io, {
      text: (rows) => historyTable(rows, options.utc === true, io),
      none: 'nothing was decided about it yet',
    })
  } finally {
    await answers.close()
  }
}

function historyTable(history: readonly HistoryJson[], utc: boolean, io: Io): string {
  return tableText<HistoryJson>(
    [
      { head: 'AT', cell: ({ at }) => timeText(at, utc) },
      { head: 'BY', cell: ({ author = '' }) => printable(author, ''), least: 8 },
      { head: 'ACTION', cell: ({ action }) => action, spare: 1 },
      { head: 'STATE', cell: ({ state }) => state },
      { head: 'UNTIL', cell: (step) => untilText(step, utc), least: 10 },
      { head: 'NOTE', cell: ({ note = '' }) => printable(note, ' ').replaceAll('\n', ' '), least: 12 },
    ],
    history,
    io,
  )
}

function untilText({ until, below }: HistoryJson, utc: boolean): string {
  const parts = [
    ...(until === undefined ? [] : [timeText(until, utc)]),
    ...(below === undefined ? [] : [`${below} more`]),
  ]
  return parts.join(' or ')
}

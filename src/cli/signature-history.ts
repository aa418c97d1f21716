import { loadConfig } from '../config.ts'
import type { HistoryJson } from '../triage/novelty/ask-signatures.ts'
import { openAnswers } from './ask.ts'
import type { CommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { noSignature } from './no-signature.ts'
import { printable } from './printable.ts'
import { tableText } from './table.ts'
import { timeText } from './time-text.ts'

export type HistoryOptions = CommonOptions & { readonly utc?: boolean }

/** Prints what was decided about a signature, by whom and why, and what became of it by itself; the oldest first. */
export async function showHistory(id: string, options: HistoryOptions, io: Io): Promise<void> {
  const answers = await openAnswers(loadConfig(options.config, options), io)
  try {
    const history = await answers.history(id)
    if (history === undefined) throw noSignature(id)
    if (options.json === true) for (const one of history) io.out(`${JSON.stringify(one)}\n`)
    else if (history.length === 0) io.err('nothing was decided about it yet\n')
    else io.out(historyTable(history, options.utc === true))
  } finally {
    await answers.close()
  }
}

function historyTable(history: readonly HistoryJson[], utc: boolean): string {
  return tableText<HistoryJson>(
    [
      { head: 'AT', cell: ({ at }) => timeText(at, utc) },
      { head: 'BY', cell: ({ author = '' }) => printable(author, '') },
      { head: 'ACTION', cell: ({ action }) => action },
      { head: 'STATE', cell: ({ state }) => state },
      { head: 'UNTIL', cell: (one) => untilText(one, utc) },
      { head: 'NOTE', cell: ({ note = '' }) => printable(note, ' ').replaceAll('\n', ' ') },
    ],
    history,
  )
}

function untilText({ until, below }: HistoryJson, utc: boolean): string {
  const parts = [
    ...(until === undefined ? [] : [timeText(until, utc)]),
    ...(below === undefined ? [] : [`${below} more`]),
  ]
  return parts.join(' or ')
}

import type { AnswerItem, Page } from '../triage/answers.ts'
import type { CommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { printable } from './printable.ts'

type Wording<Item> = {
  /** All items as text. */
  readonly text: (items: readonly Item[]) => string
  /** The message on stderr if there are no items. */
  readonly none: string
}

/** Prints items as text, or with `--json` as one object per line. */
export function printItems<Item>(
  items: readonly Item[],
  { json }: Pick<CommonOptions, 'json'>,
  io: Io,
  { text, none }: Wording<Item>,
): void {
  if (json === true) for (const item of items) io.out(`${JSON.stringify(item)}\n`)
  else if (items.length === 0) io.err(`${none}\n`)
  else io.out(text(items))
}

/** Says on stderr what the answer lacks because it could not be read. */
export function tellNotRead({ not_read = [] }: Page<AnswerItem>, io: Io): void {
  for (const { source, reason } of not_read) io.err(`${source} not read: ${printable(reason, '  ')}\n`)
}

/** Says on stderr that only a part is shown; not with `--json`, whose reader has set the limit. */
export function tellCut({ next }: Page<AnswerItem>, { json }: Pick<CommonOptions, 'json'>, io: Io): void {
  if (next !== undefined && json !== true) io.err('there is more than --limit allows; this is a part\n')
}

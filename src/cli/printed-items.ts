import type { AnswerItem, Page } from '../triage/answers.ts'
import type { Io } from './io.ts'

type Shown = { readonly json?: boolean }

/** Prints items as JSON, a line each, or as text; says on stderr that there are none. */
export function printItems<Item>(
  items: Item[],
  options: Shown,
  io: Io,
  text: (items: Item[]) => string,
  none: string,
): void {
  if (options.json === true) for (const item of items) io.out(`${JSON.stringify(item)}\n`)
  else if (items.length === 0) io.err(`${none}\n`)
  else io.out(text(items))
}

/** People are told that a part is shown; who reads JSON has set the limit. */
export function tellCut({ next }: Page<AnswerItem>, { json }: Shown, io: Io): void {
  if (next !== undefined && json !== true) io.err('there is more than --limit allows; this is a part\n')
}

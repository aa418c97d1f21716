import type { AnswerItem, Page } from '../triage/answers.ts'
import type { CommonOptions } from './command.ts'
import type { Io } from './io.ts'

type Wording<Item> = {
  /** All of them as people read them. */
  readonly text: (items: readonly Item[]) => string
  /** What is said on stderr where there are none. */
  readonly none: string
}

/** Prints what was found: as text, or with `--json` one object a line. */
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

/** People are told that a part is shown; who reads JSON has set the limit. */
export function tellCut({ next }: Page<AnswerItem>, { json }: Pick<CommonOptions, 'json'>, io: Io): void {
  if (next !== undefined && json !== true) io.err('there is more than --limit allows; this is a part\n')
}

import { Exit, OpsError, usageError } from '../errors.ts'
import { type AnswerItem, answer, type Library, type Page, type Question } from '../triage/answers.ts'
import { unknownName } from '../triage/known.ts'
import { nearHint } from './choice.ts'

type Params = Readonly<Record<string, string>>

/** Answers a question from the store; throws if nothing is found because a name in it is unknown. */
export async function answerKnown(
  question: Question,
  params: Params,
  library: Library,
): Promise<Page<AnswerItem>> {
  const page = await answer(question, params, library)
  const unknown = page.items.length > 0 ? undefined : await unknownName(params, library)
  if (unknown === undefined) return page
  throw notKnown(unknown.field, unknown.text, unknown.near)
}

/** The same error in the words of the running service, whose hint names similar ones. */
export function refusedByService({
  field = '',
  detail = '',
  hint = '',
}: {
  readonly field?: string
  readonly detail?: string
  readonly hint?: string
}): OpsError {
  const [, near = ''] = /^Did you mean (.+)\?$/.exec(hint) ?? []
  return notKnown(field, detail, near === '' ? [] : [near])
}

/** Throws if no layout knows the source and `hasLines` finds no lines of it. */
export async function checkSource(
  { source }: Params,
  kinds: () => ReadonlySet<string>,
  hasLines: (source: string) => Promise<boolean>,
): Promise<void> {
  if (source === undefined || kinds().has(source) || (await hasLines(source))) return
  const known = [...kinds()].sort()
  throw usageError('E_OPTION', `--source ${source} is not a kind of log`, nearHint(source, known))
}

const WHERE: Readonly<Record<string, string>> = {
  session: 'A desktop is written owner/name, a host by its name; `dcvlens sessions` shows all.',
  rule: '`dcvlens rules list` shows all ids.',
  correlation: '`dcvlens diagnose --all` shows where it holds.',
  host: '`dcvlens sessions` shows the hosts of all desktops.',
  file: 'Name it as the store does, with the root cut off; `dcvlens ledger --all` lists what is known.',
  template: 'Its events may be older than what is kept; `dcvlens signatures` shows those that are known.',
  id: 'See `dcvlens signatures` for those that are known.',
}

function notKnown(field: string, text: string, near: readonly string[]): OpsError {
  const hint = near.length > 0 ? `Did you mean ${near.join(', ')}?` : (WHERE[field] ?? 'Check its name.')
  return new OpsError('E_NOT_KNOWN', text, hint, { exit: Exit.usage, field })
}

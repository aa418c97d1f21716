import { loadConfig } from '../../config.ts'
import { usageError } from '../../errors.ts'
import { allRules } from '../../interpret/all-rules.ts'
import type { SignatureJson } from '../../triage/novelty/ask-signatures.ts'
import { draftRule, idFault, NO_DRAFT } from '../../triage/rules/draft-rule.ts'
import type { Io } from '../io.ts'
import { loadKnowledge } from '../knowledge.ts'
import { noSignature } from '../no-signature.ts'
import type { NewOptions } from '../rules.ts'

/** A record, and its template if that is known. */
type Example = { readonly line: string; readonly template?: string }

/** Prints the draft of a rule that matches the record of `--from`, with gaps for what only a person knows. */
export async function newRule(asked: NewOptions, io: Io): Promise<void> {
  const { rules, interpret } = loadKnowledge(loadConfig(asked.config, asked))
  const taken = allRules(rules).map(({ id }) => id)
  const fault = asked.id === undefined ? undefined : idFault(asked.id, taken)
  if (fault !== undefined) throw usageError('E_OPTION', `--id: ${fault.text}`, fault.hint)
  const { line, template } = await exampleOf(asked, io)
  const draft = draftRule(line, { id: asked.id, template, taken }, interpret)
  if (draft === undefined) throw usageError('E_DRAFT', NO_DRAFT.text, NO_DRAFT.hint)
  io.out(draft)
  io.err('Save it below DIR/signatures, complete it, and try it: dcvlens rules test DIR\n')
}

async function exampleOf({ from, fromSignature, ...options }: NewOptions, io: Io): Promise<Example> {
  if ((from === undefined) === (fromSignature === undefined)) {
    throw usageError('E_OPTION', 'give either --from or --from-signature', 'See `dcvlens rules new --help`.')
  }
  if (fromSignature === undefined) return { line: from ?? '' }
  const { ask } = await import('../ask.ts')
  const [found] = (await ask('signatures', { id: fromSignature }, options, io)) as SignatureJson[]
  if (found === undefined) throw noSignature(fromSignature)
  const { kind, title, example } = found
  return kind === 'template' ? { line: example, template: title } : { line: example }
}

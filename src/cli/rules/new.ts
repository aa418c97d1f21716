import { loadConfig } from '../../config.ts'
import { usageError } from '../../errors.ts'
import { draftRule, NO_DRAFT } from '../../triage/draft-rule.ts'
import type { Io } from '../io.ts'
import { loadKnowledge } from '../knowledge.ts'
import type { NewOptions } from '../rules.ts'

/** Prints the draft of a rule that matches the record of `--from`; what only a person knows is left to be written. */
export function newRule({ from, id, ...options }: NewOptions, io: Io): void {
  const draft = draftRule(from, id, loadKnowledge(loadConfig(options.config, options)).interpret)
  if (draft === undefined) throw usageError('E_DRAFT', NO_DRAFT.text, NO_DRAFT.hint)
  io.out(draft)
  io.err('Save it below DIR/signatures, complete it, and try it: dcvlens rules test DIR\n')
}

import { loadConfig } from '../../config.ts'
import { usageError } from '../../errors.ts'
import { draftFrom } from '../../interpret/draft.ts'
import { oneRecord } from '../../interpret/one-record.ts'
import { messageOf } from '../../store/event-row.ts'
import type { SignatureJson } from '../../triage/novelty/ask-signatures.ts'
import { toYaml } from '../../yaml-file.ts'
import type { Io } from '../io.ts'
import { loadKnowledge } from '../knowledge.ts'
import { noSignature } from '../no-signature.ts'
import type { NewOptions } from '../rules.ts'

/** Prints the draft of a rule that matches the record of `--from`; what only a person knows is left to be written. */
export async function newRule(asked: NewOptions, io: Io): Promise<void> {
  const from = await exampleOf(asked, io)
  const { id } = asked
  const knowledge = loadKnowledge(loadConfig(asked.config, asked))
  const message = messageOf(
    knowledge.interpret(oneRecord(from, { source: 'generic', profile: 'host', format: 'generic' })),
    0,
  )
  const draft = draftFrom(message)
  if (draft.literal === '') {
    throw usageError(
      'E_DRAFT',
      'the line has no run of 7 characters that would be the same next time',
      'Take a longer line, or write the rule by hand.',
    )
  }
  io.out(
    toYaml({
      id: id ?? draft.id,
      version: 1,
      status: 'draft',
      title: 'What an operator reads first: a short sentence',
      severity: 'error',
      layer: 'environment',
      phase: 'setup',
      match: { literal: draft.literal, regex: draft.regex },
      ...(Object.keys(draft.captures).length > 0 ? { captures: draft.captures } : {}),
      explain: 'Why it happens, in one sentence.',
      remedy: ['What to do first.'],
      provenance: 'observed',
      samples: {
        match: [{ line: message, captures: draft.values }],
        no_match: ['a harmless line that looks like it'],
      },
    }),
  )
  io.err('Save it below DIR/signatures, complete it, and try it: dcvlens rules test DIR\n')
}

async function exampleOf({ from, fromSignature, ...options }: NewOptions, io: Io): Promise<string> {
  if ((from === undefined) === (fromSignature === undefined)) {
    throw usageError('E_OPTION', 'give either --from or --from-signature', 'See `dcvlens rules new --help`.')
  }
  if (fromSignature === undefined) return from ?? ''
  const { ask } = await import('../ask.ts')
  const [found] = (await ask('signatures', { id: fromSignature }, options, io)) as SignatureJson[]
  if (found === undefined) throw noSignature(fromSignature)
  return found.example
}

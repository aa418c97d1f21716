import { draftFrom } from '../interpret/draft.ts'
import type { Interpret } from '../interpret/interpret.ts'
import { oneRecord } from '../interpret/one-record.ts'
import { messageOf } from '../store/event-row.ts'
import { toYaml } from '../yaml-file.ts'

/**
 * YAML of a rule that matches a line; what only a person knows is left to be written. Undefined for a line that has no text
 * to search by.
 */
export function draftRule(line: string, id: string | undefined, interpret: Interpret): string | undefined {
  const place = { source: 'generic', profile: 'host', format: 'generic' }
  const message = messageOf(interpret(oneRecord(line, place)), 0)
  const draft = draftFrom(message)
  if (draft.literal === '') return undefined
  return toYaml({
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
  })
}

/** What is wrong with a line of which no rule can be drafted, and what to do. */
export const NO_DRAFT = {
  text: 'the line has no run of 7 characters that would be the same next time',
  hint: 'Take a longer line, or write the rule by hand.',
} as const

import type { z } from 'zod'

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'an object',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  record: 'an object',
}

/** How zod's own messages begin; they are written for programmers. */
const ZODS_WORDS = /^(?:Invalid|Too (?:small|big)|Unrecognized)\b/

/** What is wrong with a value, in the words of the schema, or in ours if the schema has none. */
export function plainWords(issue: z.core.$ZodIssue): string {
  if (!ZODS_WORDS.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return isMissing(issue) ? 'is missing' : `must be ${KINDS[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return issue.origin !== 'number' && issue.minimum === 1 ? 'must not be empty' : `must ${least(issue)}`
    case 'too_big':
      return `must ${most(issue)}`
    case 'invalid_format':
      return `must be ${issue.format === 'regex' ? 'written otherwise' : `a ${issue.format}`}`
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return 'is not what is asked for here'
  }
}

/** zod does not attach the input to an issue, but its message says if there was none. */
function isMissing({ message }: z.core.$ZodIssue): boolean {
  return message.endsWith('received undefined')
}

function least({ origin, minimum }: z.core.$ZodIssueTooSmall): string {
  return origin === 'string' || origin === 'array'
    ? `have at least ${minimum} ${partsOf(origin)}`
    : `be at least ${minimum}`
}

function most({ origin, maximum }: z.core.$ZodIssueTooBig): string {
  return origin === 'string' || origin === 'array'
    ? `have at most ${maximum} ${partsOf(origin)}`
    : `be at most ${maximum}`
}

function partsOf(origin: string): string {
  return origin === 'string' ? 'characters' : 'items'
}

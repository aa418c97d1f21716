import { z } from 'zod'
import { unsafeRepeat } from '../../interpret/regex-safety.ts'
import type { Labels } from './labels.ts'

/** A condition on one label, in the terms of Alertmanager's API. */
export const Matcher = z
  .strictObject({
    name: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, 'must be the name of a label'),
    value: z.string().max(1000),
    is_regex: z.boolean().default(false),
    is_equal: z.boolean().default(true),
  })
  .superRefine(({ value, is_regex }, context) => {
    const fault = is_regex ? regexFault(value) : undefined
    if (fault !== undefined) context.addIssue({ code: 'custom', path: ['value'], message: fault })
  })

export type Matcher = z.infer<typeof Matcher>

const TEXT = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"{},]*?))\s*$/s

/** Reads `name=value`, `name!=value`, `name=~regex` or `name!~regex`; undefined if it is none of these. */
export function matcherOf(text: string): Matcher | undefined {
  const [, name, sign = '', quoted, plain] = TEXT.exec(text) ?? []
  if (name === undefined) return undefined
  const value = quoted === undefined ? (plain ?? '') : quoted.replaceAll(/\\(.)/gs, '$1')
  const parsed = Matcher.safeParse({
    name,
    value,
    is_regex: sign.endsWith('~'),
    is_equal: !sign.startsWith('!'),
  })
  return parsed.success ? parsed.data : undefined
}

/** A matcher in written form; `matcherOf` reads it back. */
export function matcherText({ name, value, is_regex, is_equal }: Matcher): string {
  return `${name}${is_equal ? '=' : '!'}${is_regex ? '~' : is_equal ? '' : '='}${JSON.stringify(value)}`
}

/** Do all matchers hold? A missing label counts as empty; expressions must match the whole value. */
export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matches(matcher, labels[matcher.name] ?? ''))
}

/** Does it hold for this value of its label? */
export function matches({ value, is_regex, is_equal }: Matcher, label: string): boolean {
  return (is_regex ? compiled(value).test(label) : label === value) === is_equal
}

function regexFault(source: string): string | undefined {
  try {
    return unsafeRepeat(`^(?:${source})$`, 'su')
  } catch {
    return 'is not a regular expression'
  }
}

const regexes = new Map<string, RegExp>()
const MOST_REGEXES = 1000

function compiled(source: string): RegExp {
  const known = regexes.get(source)
  if (known !== undefined) return known
  if (regexes.size >= MOST_REGEXES) regexes.clear()
  const regex = new RegExp(`^(?:${source})$`, 'su')
  regexes.set(source, regex)
  return regex
}

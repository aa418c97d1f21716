import { type Place, valuesByShape, valuesByTemplate } from './draft-values.ts'
import { Miner } from './template/miner.ts'
import { tellingLine } from './template/telling-line.ts'

/** A draft of a rule's match, made from one record: what may vary is captured, the rest is required as it is. */
export type Draft = {
  readonly id: string
  readonly literal: string
  readonly regex: string
  readonly captures: Readonly<Record<string, string>>
  readonly values: Readonly<Record<string, string>>
}

/** What a draft says where only a person knows what to say. */
export const GAPS = {
  title: 'What an operator reads first: a short sentence',
  explain: 'Why it happens, in one sentence.',
  remedy: 'What to do first.',
  nearMiss: 'a harmless line that looks like it',
} as const

/** The shortest literal that the search can use, in bytes. */
const MIN_LITERAL = 7
const MAX_LINES_READ = 200

/** The mask of a secret is not text to search by: the next line may have another kind of secret there. */
const MASK = /«redacted:[^»]*»/
const withoutMasks = (text: string) => text.split(MASK)

/**
 * Drafts a rule from the message of a record (secrets masked), from its most telling line, or from another one if that has
 * nothing to search by. What varies is where `template`, or the template made of that line, has masks.
 */
export function draftFrom(message: string, template?: string): Draft {
  const telling = tellingLine(message)
  const lines = message.split('\n', MAX_LINES_READ).filter((line) => line !== telling)
  const others = () => lines.map((line) => draftOfLine(line)).toSorted(byLiteral)
  const draft = draftOfLine(telling, template)
  return draft.literal === '' ? (others().find(({ literal }) => literal !== '') ?? draft) : draft
}

function byLiteral(a: Draft, b: Draft): number {
  return b.literal.length - a.literal.length
}

/** By its template if that leaves something to search by, otherwise by the shapes of its values. */
function draftOfLine(line: string, template = new Miner().learn(line).template): Draft {
  const places = valuesByTemplate(line, template)
  const draft = places === undefined ? undefined : draftWith(line, places)
  return draft === undefined || draft.literal === '' ? draftWith(line, valuesByShape(line)) : draft
}

function draftWith(line: string, places: readonly Place[]): Draft {
  const captures: Record<string, string> = {}
  const values: Record<string, string> = {}
  const constants: string[] = []
  let regex = ''
  let read = 0
  for (const { from, to, variable } of places) {
    const free = freeName(variable.name, captures)
    captures[free] = variable.type
    values[free] = line.slice(from, to)
    constants.push(line.slice(read, from))
    regex += `${escaped(line.slice(read, from))}(?<${free}>${variable.stands})`
    read = to
  }
  constants.push(line.slice(read))
  regex += escaped(line.slice(read))
  const literal =
    constants
      .flatMap(withoutMasks)
      .toSorted((a, b) => b.length - a.length)[0]
      ?.trim() ?? ''
  return {
    id: idFrom(line),
    literal: Buffer.byteLength(literal) < MIN_LITERAL ? '' : literal,
    regex,
    captures,
    values,
  }
}

function freeName(name: string, taken: Readonly<Record<string, string>>): string {
  let free = name
  for (let n = 2; free in taken; n++) free = `${name}${n}`
  return free
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\\\//g, '/')
}

function idFrom(line: string): string {
  const words = line.toLowerCase().match(/[a-z]{3,}/g) ?? []
  return words.slice(0, 4).join('-') || 'new-rule'
}

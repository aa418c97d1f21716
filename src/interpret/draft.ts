/** A draft of a rule's match from one record: what may differ next time is captured, the rest is wanted as it is. */
export type Draft = {
  readonly id: string
  readonly literal: string
  readonly regex: string
  readonly captures: Readonly<Record<string, string>>
  readonly values: Readonly<Record<string, string>>
}

/** What differs from record to record, by the shape of it: name and type of the capture, expression that stands for it. */
const VARIABLES: readonly (readonly [name: string, type: string, shape: RegExp, stands: string])[] = [
  ['uuid', 'uuid', /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/, '[0-9a-f-]{36}'],
  ['arn', 'arn', /arn:aws[\w-]*:[^\s,;'")\]]+/, 'arn:[^\\s,;\'")\\]]+'],
  ['instance', 'instance', /\bi-[0-9a-f]{8,17}\b/, 'i-[0-9a-f]+'],
  ['url', 'text', /\bhttps?:\/\/[^\s'",)\]]+/, 'https?://[^\\s\'",)\\]]+'],
  ['host', 'host', /\bip-\d+-\d+-\d+-\d+[\w.-]*/, '[\\w.-]+'],
  ['address', 'ip', /\b\d{1,3}(?:\.\d{1,3}){3}\b/, '[\\d.]+'],
  ['path', 'path', /(?<=^|[\s'"(=])\/[\w.@+/-]+[\w/]/, '/[^\\s\'",;:)]+'],
  ['number', 'int', /\b\d+\b/, '\\d+'],
]
const ANY_VARIABLE = new RegExp(
  VARIABLES.map(([name, , shape]) => `(?<${name}>${shape.source})`).join('|'),
  'g',
)
/** The shortest literal that the search goes by, in bytes. */
const MIN_LITERAL = 7

/** What stands in place of a secret is no text to search by: the next line may have another kind there. */
const MASK = /«redacted:[^»]*»/
const withoutMasks = (text: string) => text.split(MASK)

/** Drafts a rule from the message of a record, secrets masked; only its first line counts. */
export function draftFrom(message: string): Draft {
  const line = message.split('\n')[0] ?? ''
  const captures: Record<string, string> = {}
  const values: Record<string, string> = {}
  const constants: string[] = []
  let regex = ''
  let from = 0
  for (const found of line.matchAll(ANY_VARIABLE)) {
    const [name, type, , stands] = VARIABLES.find(([one]) => found.groups?.[one] !== undefined) ?? [
      'text',
      'text',
      /./,
      '.',
    ]
    const free = freeName(name, captures)
    captures[free] = type
    values[free] = found[0]
    constants.push(line.slice(from, found.index))
    regex += `${escaped(line.slice(from, found.index))}(?<${free}>${stands})`
    from = found.index + found[0].length
  }
  constants.push(line.slice(from))
  regex += escaped(line.slice(from))
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

/** Names that a path may contain. Those without a place in `Identity` only mark a position. */
const NAMES = ['cluster', 'owner', 'session', 'session_uuid', 'bootstrap_uuid', 'host', 'instance'] as const
export type PathName = (typeof NAMES)[number]

export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'name'; readonly name: PathName }
  /** Literal text mixed with names and wildcards; `literals` counts the fixed characters. */
  | {
      readonly kind: 'mixed'
      readonly regex: RegExp
      readonly names: readonly PathName[]
      readonly literals: number
      readonly prefix: string
      readonly glob: string
    }
  | { readonly kind: 'folders' }

/** One path of a layout, split at slashes. Only absolute ones are scanned for; others are matched against the end of a path. */
export type PathPattern = { readonly absolute: boolean; readonly segments: readonly Segment[] }

type ParsedPattern =
  | { readonly ok: true; readonly pattern: PathPattern }
  | { readonly ok: false; readonly message: string }

const MAX_ALTERNATIVES = 256
const UUID = '[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}'
const TOKEN = /\{[^{}]*\}|[*#]|[^{}*#]+/g

/** The shape of certain names: distinctive enough to be trusted if nothing before them in the path is known. */
export const SHAPES: Readonly<Partial<Record<PathName, RegExp>>> = {
  cluster: /^(?:soca|edh)-./,
  session_uuid: new RegExp(`^${UUID}$`),
  bootstrap_uuid: new RegExp(`^${UUID}$`),
  host: /^(?:ip(?:-\d{1,3}){4}|i-[0-9a-f]{8,17}|ec2amaz-[a-z0-9]+)(?:\.[a-z0-9.-]+)?$/i,
  instance: /^i-[0-9a-f]{8,17}$/,
}

/**
 * Expands the `(a|b)` in a path. An alternative may be empty or contain slashes, but no brackets. Returns a message if it
 * cannot.
 */
export function expandAlternatives(path: string): readonly string[] | string {
  let texts = ['']
  for (const part of path.split(/(\([^()]*\))/)) {
    const grouped = part.startsWith('(') && part.endsWith(')')
    if (!grouped && /[()|]/.test(part)) return `'${part}': brackets must be closed and cannot be nested`
    const choices = grouped ? part.slice(1, -1).split('|') : [part]
    texts = texts.flatMap((text) => choices.map((choice) => text + choice))
    if (texts.length > MAX_ALTERNATIVES) return `more than ${MAX_ALTERNATIVES} alternatives`
  }
  return texts
}

/** Splits one path, without alternatives, into segments, or says what is wrong with it. */
export function parsePattern(path: string): ParsedPattern {
  const absolute = path.startsWith('/')
  const texts = (absolute ? path.slice(1) : path).split('/')
  const segments: Segment[] = []
  const seen = new Set<string>()
  for (const text of texts) {
    const segment = parseSegment(text)
    if (typeof segment === 'string') return { ok: false, message: segment }
    for (const name of namesOf(segment)) {
      if (seen.has(name)) return { ok: false, message: `{${name}} occurs twice` }
      seen.add(name)
    }
    segments.push(segment)
  }
  const folders = segments.filter((segment) => segment.kind === 'folders').length
  if (folders > 1) return { ok: false, message: '**/ may occur only once' }
  if (segments.at(-1)?.kind === 'folders')
    return { ok: false, message: 'a path ends in a file name, not in **' }
  return { ok: true, pattern: { absolute, segments } }
}

/** Does a segment match part of a path, ignoring case (as Windows does)? The caller handles `**`. */
export function fits(segment: Segment, text: string): boolean {
  if (segment.kind === 'literal') {
    if (segment.text === text) return true
    return segment.text.length === text.length && segment.text.toLowerCase() === text.toLowerCase()
  }
  return segment.kind === 'mixed' ? segment.regex.test(text) : true
}

/** The names and values that a matching segment yields. */
export function namedParts(segment: Segment, text: string): readonly (readonly [PathName, string])[] {
  if (segment.kind === 'name') return [[segment.name, text]]
  if (segment.kind !== 'mixed') return []
  const found = segment.regex.exec(text)
  return segment.names.map((name, i) => [name, found?.[i + 1] ?? ''] as const)
}

/** The number of fixed characters in a segment: the more, the more specific a match. */
export function literalsOf(segment: Segment): number {
  if (segment.kind === 'literal') return segment.text.length
  return segment.kind === 'mixed' ? segment.literals : 0
}

/**
 * Escapes a path for use in a glob. Braces, quotes and backslashes cannot be escaped in the folder that a glob starts from:
 * if present, they become `*`, and the glob finds a little more.
 */
export function escapeGlob(path: string): string {
  return path
    .split('/')
    .map((text) =>
      /[\\{}"]|[!+@]\(/.test(text)
        ? text.replace(/[\\*?|()[\]{}!+@"]+/g, '*')
        : text.replace(/[*?|()[\]]|^!/g, '\\$&'),
    )
    .join('/')
}

function namesOf(segment: Segment): readonly PathName[] {
  if (segment.kind === 'name') return [segment.name]
  return segment.kind === 'mixed' ? segment.names : []
}

function parseSegment(text: string): Segment | string {
  if (text === '**') return { kind: 'folders' }
  if (text === '' || text === '.' || text === '..') return 'a path has no empty, . or .. folders'
  if (text.includes('**')) return `'${text}': ** stands for whole folders, alone between slashes`
  if (!/[{}*#]/.test(text)) return { kind: 'literal', text }
  return parseMixed(text)
}

function parseMixed(text: string): Segment | string {
  const tokens = text.match(TOKEN) ?? []
  if (tokens.join('').length < text.length) return `'${text}': braces must be closed and cannot be nested`
  const unknown = tokens.find((token) => token.startsWith('{') && nameOf(token) === undefined)
  if (unknown !== undefined) return `${unknown} is none of ${NAMES.join(', ')}`
  const unclear = tokens.find((token, i) => isOpen(token) && isOpen(tokens[i - 1] ?? ''))
  if (unclear !== undefined) return `'${text}': ${unclear} needs literal text in front of it`
  const names = tokens.map(nameOf).filter((name) => name !== undefined)
  const [name] = names
  if (name !== undefined && tokens.length === 1) return { kind: 'name', name }
  const regex = tokens.map((token, i) =>
    tokenRegex(token, nameOf(token) === name ? '' : (tokens[i - 1] ?? '')),
  )
  return {
    kind: 'mixed',
    regex: new RegExp(`^${regex.join('')}$`, 'iu'),
    names,
    literals: tokens.filter((token) => !isOpen(token) && token !== '#').join('').length,
    prefix: text.slice(0, text.search(/[{*#]/)),
    glob: tokens.map((token) => (isOpen(token) ? '*' : token === '#' ? '[0-9]' : escapeGlob(token))).join(''),
  }
}

function nameOf(token: string): PathName | undefined {
  return NAMES.find((known) => token === `{${known}}`)
}

function isOpen(token: string): boolean {
  return token === '*' || token.startsWith('{')
}

/**
 * The first name of a segment matches any text; later ones must not contain the character before them: in
 * `agent.{owner}.{session}.log` a user may contain dots (john.doe), the id of a DCV session does not.
 */
function tokenRegex(token: string, before: string): string {
  if (token === '*') return '[^/]*'
  if (token === '#') return '[0-9]'
  const name = nameOf(token)
  if (name === undefined) return escapeRegex(token)
  if (name === 'session_uuid' || name === 'bootstrap_uuid') return `(${UUID})`
  return `([^/${escapeClass(before.slice(-1))}]+)`
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function escapeClass(text: string): string {
  return text.replace(/[\\^\]/-]/g, '\\$&')
}

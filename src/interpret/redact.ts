import { ACROSS, CARRIERS, type Carrier, type Span } from './secret-carriers.ts'
import { loneKey } from './secret-looks.ts'

/** The place of a secret's value in its text, without its key. */
export type SecretSpan = Span

/** Literals of which every recognised secret except a lone key contains at least one; all case-sensitive. */
export const SECRET_NEEDLES: readonly string[] = [...CARRIERS.keys()]

/** Nothing more is searched inside a span longer than this, which keeps hostile lines linear. */
const LONG_SPAN = 256

const MASK = /«redacted:[\w-]{1,24}»/g
const LONGEST_MASK = 40
const MOST_ROUNDS = 4

type Needle = { readonly text: string; readonly carriers: readonly Carrier[] }

// One lookup per character finds where a needle may begin; a regex of all needles takes three times as long.
const BUCKETS = needlesByStart()
const MAY_BEGIN = Uint8Array.from(BUCKETS, (bucket) => (bucket.length > 0 ? 1 : 0))

/**
 * Masks the secrets of a text; never changes anything else. `before` is what the text continues: a secret, or its key, that
 * begins there is masked here from the first character on. `after` is what follows.
 */
export function redact(text: string, before = '', after = ''): string {
  let masked = masks(text, before, after)
  // A mask may uncover another secret; each round leaves less to find.
  for (let round = 0; before === '' && after === '' && masked !== text && round < MOST_ROUNDS; round++) {
    const again = masks(masked, '', '')
    if (again === masked) break
    masked = again
  }
  return masked
}

function masks(text: string, before: string, after: string): string {
  const from = before.length
  const spans = secretSpans(from === 0 && after === '' ? text : before + text + after)
  let out = ''
  let at = 0
  for (const span of spans) {
    if (span.end <= from) continue
    if (span.begin - from >= text.length) break
    out += `${text.slice(at, Math.max(span.begin - from, 0))}«redacted:${span.kind}»`
    at = span.end - from
  }
  return at === 0 ? text : out + text.slice(at)
}

const ACROSS_BY_INDEX = SECRET_NEEDLES.map((needle) => ACROSS.has(needle))

/** May this needle lead to a secret that the surrounding lines indicate, or that is in one of the next lines? */
export function leadsAcross(needle: number): boolean {
  return ACROSS_BY_INDEX[needle] === true
}

const CARRIERS_BY_INDEX = [...CARRIERS.values()]

/** Does the needle at `at` lead to a secret? Decides without reading the rest of the text. */
export function leadsToSecret(text: string, needle: number, at: number): boolean {
  const carriers = CARRIERS_BY_INDEX[needle] ?? []
  return carriers.some((carrier) => carrier(text, at).length > 0)
}

/** Finds the values of all secrets in a text, in order; they never overlap. */
export function secretSpans(text: string): SecretSpan[] {
  const lone = loneKey(text)
  if (lone !== undefined) return [{ ...lone, kind: 'secret' }]
  const found: SecretSpan[] = []
  let long: SecretSpan = { begin: 0, end: 0, kind: '' }
  for (let at = nextStart(text, 0); at < text.length; at = nextStart(text, at + 1)) {
    if (at >= long.begin && at < long.end) {
      at = long.end - 1
      continue
    }
    const known = found.length
    for (const needle of BUCKETS[bucketOf(text, at)] ?? []) {
      if (!standsAt(needle.text, text, at)) continue
      for (const carrier of needle.carriers) found.push(...carrier(text, at))
    }
    if (found.length > known) long = longest(long, found, known)
  }
  return merged(outsideMasks(text, found))
}

/** The next place from `from` on where a needle may begin; the length of the text if there is none. */
function nextStart(text: string, from: number): number {
  let first = text.charCodeAt(from)
  let second = text.charCodeAt(from + 1)
  for (let at = from; at + 2 < text.length; at++) {
    const third = text.charCodeAt(at + 2)
    if (MAY_BEGIN[bucket(first, second, third)] === 1) return at
    first = second
    second = third
  }
  return text.length
}

/** `startsWith` by hand: the built-in costs more than the rest of the search. */
function standsAt(needle: string, text: string, at: number): boolean {
  for (let i = needle.length - 1; i >= 0; i--) {
    if (text.charCodeAt(at + i) !== needle.charCodeAt(i)) return false
  }
  return true
}

function longest(long: SecretSpan, found: readonly SecretSpan[], from: number): SecretSpan {
  const added = found.slice(from).filter((span) => span.end - span.begin > LONG_SPAN)
  return added.reduce((a, b) => (b.end > a.end ? b : a), long)
}

/** Shrinks spans that begin or end inside a mask: a mask is never cut. */
function outsideMasks(text: string, found: SecretSpan[]): SecretSpan[] {
  if (found.length === 0 || !text.includes('«redacted:')) return found
  return found.flatMap((span) => {
    const begin = maskOver(text, span.begin)?.end ?? span.begin
    const end = maskOver(text, span.end)?.begin ?? span.end
    return begin < end ? [{ ...span, begin, end }] : []
  })
}

function maskOver(text: string, at: number): { begin: number; end: number } | undefined {
  const from = Math.max(0, at - LONGEST_MASK)
  return [...text.slice(from, at + LONGEST_MASK).matchAll(MASK)]
    .map((mask) => ({ begin: from + mask.index, end: from + mask.index + mask[0].length }))
    .find(({ begin, end }) => begin < at && at < end)
}

function merged(found: SecretSpan[]): SecretSpan[] {
  const spans: SecretSpan[] = []
  for (const span of found.sort((a, b) => a.begin - b.begin)) {
    const last = spans.at(-1)
    if (last === undefined || span.begin >= last.end) spans.push(span)
    else if (span.end > last.end) spans[spans.length - 1] = { ...last, end: span.end }
  }
  return spans
}

function bucketOf(text: string, at: number): number {
  return bucket(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2))
}

function bucket(first: number, second: number, third: number): number {
  return ((first * 31 + second) * 31 + third) & 0x3fff
}

function needlesByStart(): readonly (readonly Needle[])[] {
  // Nearly all stay empty, and share one list.
  const none: readonly Needle[] = []
  const buckets = Array.from({ length: 0x4000 }, () => none)
  for (const [text, carriers] of CARRIERS) {
    const bucket = bucketOf(text, 0)
    buckets[bucket] = [...(buckets[bucket] ?? none), { text, carriers }]
  }
  return buckets
}

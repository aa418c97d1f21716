/** The kinds of value that a place of a template may hold. */
const MASKS = [
  '<*>',
  '<arn>',
  '<bool>',
  '<hex>',
  '<host>',
  '<ip>',
  '<mac>',
  '<mail>',
  '<num>',
  '<path>',
  '<session>',
  '<time>',
  '<url>',
  '<user>',
  '<uuid>',
] as const

/** The kind of value at a place of a template; `<*>` if nothing is known of it. */
export type Mask = (typeof MASKS)[number]

const LESS = 60

/** Is this a mask? No other word begins with `<`. */
export function isMask(word: string): boolean {
  return word.charCodeAt(0) === LESS
}

const KNOWN: ReadonlySet<string> = new Set(MASKS)
/** Something that is written like a mask. */
const WRITTEN = /<(?:\*|[a-z]{2,7})>/y
/** What programs write for a missing value. */
const NO_VALUE = new Set(['<none>', '<null>', '<nil>', '<empty>', '<unknown>', '<unnamed>'])

/**
 * Finds the mask that is written at `at` in a line, so that the template of a template is the same; undefined if none is.
 * What programs write for a missing value (`<none>`) counts as `<*>`.
 */
export function maskAt(
  text: string,
  at: number,
): { readonly end: number; readonly mask: string } | undefined {
  WRITTEN.lastIndex = at
  const mask = WRITTEN.exec(text)?.[0]
  if (mask === undefined) return undefined
  const end = at + mask.length
  if (NO_VALUE.has(mask)) return { end, mask: '<*>' }
  return KNOWN.has(mask) ? { end, mask } : undefined
}

/** Log text made safe to show: characters that a terminal or a reader would act on become visible. */

/** Controls, separators that break lines, marks that reverse the direction of text, and marks without width. */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu

/** Shows control characters as their Unicode pictures, others by number. */
export function visible(text: string): string {
  return text.replaceAll(UNSEEN, (character) => {
    const code = character.codePointAt(0) ?? 0
    if (code === 0x7f) return '␡'
    if (code < 0x20) return String.fromCodePoint(0x2400 + code)
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
  })
}

/** The first line of a record for a row: newlines and tabs become marks, and long text is cut. */
export function oneLine(text: string, max: number): string {
  const short = text.length > max ? `${text.slice(0, max)}…` : text
  return visible(short).replaceAll('\n', ' ⏎ ').replaceAll('\t', ' ⇥ ')
}

/** Cuts a long text into blocks, between lines if possible: a browser cannot lay out a word of a megabyte. */
export function blocksOf(text: string, size: number): string[] {
  const blocks: string[] = []
  let at = 0
  while (text.length - at > size) {
    const newline = text.lastIndexOf('\n', at + size - 1)
    const end = newline >= at ? newline + 1 : at + size
    blocks.push(text.slice(at, end))
    at = end
  }
  blocks.push(text.slice(at))
  return blocks
}

/** A part of a text, and whether it is a hit. */
export type Segment = { readonly text: string; readonly isHit: boolean }

/** Cuts a text at the searched words, ignoring case. */
export function segmentsOf(text: string, wanted: string): Segment[] {
  const needle = wanted.toLowerCase()
  const haystack = text.toLowerCase()
  if (needle === '' || haystack.length !== text.length) return [{ text, isHit: false }]
  const segments: Segment[] = []
  let at = 0
  for (let hit = haystack.indexOf(needle); hit >= 0; hit = haystack.indexOf(needle, at)) {
    if (hit > at) segments.push({ text: text.slice(at, hit), isHit: false })
    at = hit + needle.length
    segments.push({ text: text.slice(hit, at), isHit: true })
  }
  if (at < text.length || segments.length === 0) segments.push({ text: text.slice(at), isHit: false })
  return segments
}

/** Cuts a template at its variable parts (`<*>`). */
export function variableParts(template: string): Segment[] {
  return template
    .split(/(<[^<>\s]{1,24}>)/)
    .filter((text) => text !== '')
    .map((text) => ({ text, isHit: /^<[^<>\s]{1,24}>$/.test(text) }))
}

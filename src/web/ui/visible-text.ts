import { visible } from '../../triage/visible.ts'

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

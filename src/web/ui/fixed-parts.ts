import type { Segment } from './visible-text.ts'

/**
 * Cuts a line into fixed and variable parts: between the fixed words of its template, in order, or at the values that a rule
 * captured. Variable parts are hits.
 */
export function fixedParts(
  text: string,
  template: string | undefined,
  captures: readonly string[],
): Segment[] {
  if (template !== undefined) return byTemplate(text, template)
  return byValues(text, captures)
}

function byTemplate(text: string, template: string): Segment[] {
  const words = template
    .split(/<[^<>\s]{1,24}>/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const segments: Segment[] = []
  let at = 0
  for (const word of words) {
    const found = text.indexOf(word, at)
    if (found < 0) continue
    push(segments, text.slice(at, found), true)
    push(segments, word, false)
    at = found + word.length
  }
  push(segments, text.slice(at), words.length > 0)
  return segments
}

function byValues(text: string, values: readonly string[]): Segment[] {
  let segments: Segment[] = [{ text, isHit: false }]
  for (const value of values.filter((one) => one.length > 1)) {
    segments = segments.flatMap((segment) => {
      const at = segment.isHit ? -1 : segment.text.indexOf(value)
      if (at < 0) return [segment]
      const cut: Segment[] = []
      push(cut, segment.text.slice(0, at), false)
      push(cut, value, true)
      push(cut, segment.text.slice(at + value.length), false)
      return cut
    })
  }
  return segments
}

/** Blanks alone are not marked. */
function push(segments: Segment[], text: string, varies: boolean): void {
  if (text !== '') segments.push({ text, isHit: varies && text.trim() !== '' })
}

/** Another version of a log. */
export type Edit = (lines: readonly string[]) => readonly string[]
/** By the name of the file; `gone` if it was never written. */
export type Edits = Readonly<Record<string, readonly Edit[] | 'gone'>>

/** The log with each of the edits; undefined if there is none. */
export function edited(name: string, lines: readonly string[], edits: Edits): readonly string[] | undefined {
  const own = edits[name] ?? []
  return own === 'gone' ? undefined : own.reduce<readonly string[]>((text, edit) => edit(text), lines)
}

/** Other lines in the place of one. */
export function instead(of: string, ...others: readonly string[]): Edit {
  return (lines) => lines.toSpliced(placeOf(of, lines), 1, ...others)
}

/** More lines behind one. */
export function after(line: string, ...more: readonly string[]): Edit {
  return (lines) => lines.toSpliced(placeOf(line, lines) + 1, 0, ...more)
}

/** Nothing from this line on but what is given. */
export function upTo(line: string, ...last: readonly string[]): Edit {
  return (lines) => [...lines.slice(0, placeOf(line, lines)), ...last]
}

/** Another beginning of the same file: what an instance before this one wrote. */
export function behind(earlier: readonly string[]): Edit {
  return (lines) => [...earlier, ...lines]
}

function placeOf(begin: string, lines: readonly string[]): number {
  const place = lines.findIndex((line) => line.startsWith(begin))
  if (place < 0) throw new Error(`no line of the log begins with ${begin}`)
  return place
}

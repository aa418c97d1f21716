import { compareVersions, type Version } from '../product-versions.ts'
import { fits, literalsOf, type PathPattern, type Segment, SHAPES } from './layout-pattern.ts'

/** One kind of file of a layout, and its location; a path must match at least the last `tail` segments. */
export type Location = {
  readonly source: string
  readonly format: string
  readonly tail: number
  readonly pattern: PathPattern
}

/** Where one product generation keeps its logs. */
export type Layout = {
  readonly id: string
  readonly profile: string
  /** The version that began the generation, as numbers. */
  readonly since: Version
  readonly locations: readonly Location[]
  /** Folders that are not of desktops: a file below one is known by its whole path or not at all. */
  readonly never: readonly PathPattern[]
}

/**
 * A location prepared for matching: `literals[i]` counts the fixed characters from segment i on, `open` is the position of
 * `**` or -1.
 */
type Target = Location & {
  readonly layout: Layout
  readonly order: number
  readonly literals: readonly number[]
  readonly open: number
}

/** A match between a path and the end of a location: from segment `from` of the path and `at` of the location on. */
export type Match = {
  readonly target: Target
  readonly from: number
  readonly at: number
  readonly whole: boolean
}

/** Finds the location that a path ends in. `parts` is the path split at slashes; its first part is empty. */
export type Matcher = (parts: readonly string[]) => Match | undefined

/** Makes the search over all locations of the layouts. A path is compared only with those of its file name. */
export function matcher(layouts: readonly Layout[]): Matcher {
  const candidates = byFileName(layouts.flatMap((layout) => layout.locations.map(target(layout))))
  const never = layouts.flatMap((layout) => layout.never)
  return (parts) => {
    let best: Match | undefined
    let limit: number | undefined
    for (const candidate of candidates(parts.at(-1) ?? '')) {
      const match = matchEnd(candidate, parts)
      if (match === undefined || (best !== undefined && compare(match, best) >= 0)) continue
      if (!match.whole) limit ??= firstOf(never, parts)
      if (match.whole || match.from <= (limit ?? 0)) best = match
    }
    return best
  }
}

function target(layout: Layout): (location: Location, order: number) => Target {
  return (location, order) => {
    const { segments } = location.pattern
    const literals = segments.map((_, i) =>
      segments.slice(i).reduce((sum, segment) => sum + literalsOf(segment), 0),
    )
    const open = segments.findIndex((segment) => segment.kind === 'folders')
    return { ...location, layout, order, literals, open }
  }
}

type ByName = (name: string) => readonly Target[]

/** Finds the locations that a file name may belong to: by the whole name, or one by one if they have wildcards. */
function byFileName(targets: readonly Target[]): ByName {
  const exact = new Map<string, Target[]>()
  const wild: { readonly prefix: string; readonly segment: Segment; readonly target: Target }[] = []
  for (const target of targets) {
    const segment = target.pattern.segments.at(-1)
    if (segment === undefined) continue
    const prefix = segment.kind === 'mixed' ? segment.prefix.toLowerCase() : ''
    if (segment.kind !== 'literal') {
      wild.push({ prefix, segment, target })
      continue
    }
    const text = segment.text.toLowerCase()
    exact.set(text, [...(exact.get(text) ?? []), target])
  }
  return (name) => {
    const lower = name.toLowerCase()
    const more = wild.filter(({ prefix, segment }) => lower.startsWith(prefix) && fits(segment, name))
    return [...(exact.get(lower) ?? []), ...more.map(({ target }) => target)]
  }
}

/** Longest first, then the one with most fixed characters, then the newest generation, then the order in the files. */
function compare(a: Match, b: Match): number {
  if (a.from !== b.from) return a.from - b.from
  if (a.whole !== b.whole) return a.whole ? -1 : 1
  const moreFixed = (b.target.literals[b.at] ?? 0) - (a.target.literals[a.at] ?? 0)
  if (moreFixed !== 0) return moreFixed
  const newer = compareVersions(b.target.layout.since, a.target.layout.since)
  return newer === 0 ? a.target.order - b.target.order : newer
}

/** The longest end of a location that the path ends in, if it is long enough and starts with something certain. */
function matchEnd(target: Target, parts: readonly string[]): Match | undefined {
  const end = matchBack(target, parts, { at: target.pattern.segments.length - 1, part: parts.length - 1 })
  let best = end.match
  for (let part = end.openAt; part >= 1; part--) {
    const { match } = matchBack(target, parts, { at: target.open - 1, part })
    if (match !== undefined && (best === undefined || compare(match, best) < 0)) best = match
  }
  return best
}

type Back = { readonly at: number; readonly part: number }

/** Compares backwards to the beginning or to `**` (segment `open`); `openAt` is the part of the path before that, or 0. */
function matchBack(target: Target, parts: readonly string[], { at, part }: Back) {
  const { open, pattern, tail } = target
  const { segments, absolute } = pattern
  let match: Match | undefined
  for (let i = at, k = part; i >= 0 && k >= 1; i--, k--) {
    const segment = segments[i]
    const text = parts[k] ?? ''
    if (i === open) return { match, openAt: k }
    if (segment === undefined || text === '' || !fits(segment, text)) break
    const length = segments.length - i - (i < open ? 1 : 0)
    const whole = absolute && i === 0
    if (whole || (length >= tail && isCertain(segment, text))) match = { target, from: k, at: i, whole }
  }
  return { match, openAt: 0 }
}

/** May the matched end of a location begin with this segment? A folder with an arbitrary name proves nothing. */
function isCertain(segment: Segment, text: string): boolean {
  return segment.kind === 'name' ? (SHAPES[segment.name]?.test(text) ?? false) : literalsOf(segment) > 0
}

/** Where the first of these folders begins in a path. */
function firstOf(folders: readonly PathPattern[], parts: readonly string[]): number {
  for (let start = 1; start < parts.length; start++) {
    for (const { segments } of folders) {
      if (start + segments.length > parts.length) continue
      if (segments.every((segment, i) => fits(segment, parts[start + i] ?? ''))) return start
    }
  }
  return parts.length
}

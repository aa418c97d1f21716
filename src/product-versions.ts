/** Numbers of a product version, most important first: 25.3 is [25, 3]. */
export type Version = readonly number[]

/** The versions that write logs of one profile: from `since` on, before `until` (the next generation's first). */
type Generation = { readonly since: Version; readonly until?: Version }

/** By profile. Profiles that are not there (a host, a file of unknown place) tell nothing of the version. */
export type Generations = ReadonlyMap<string, Generation>

/** Where nothing is known of the product's versions. */
export const NO_GENERATIONS: Generations = new Map()

/** Bounds of a range; `from` belongs to it, `to` does not. */
type Bounds = { readonly from?: Version; readonly to?: Version }

const PART = /^(>=|<)(\d+(?:\.\d+)*)$/

/** Is this a range, as `>=24.10`, `<25.3` or both with a blank between? */
export function isVersionRange(text: string): boolean {
  const parts = text.split(' ')
  const signs = parts.map((part) => PART.exec(part)?.[1])
  return signs.every((sign) => sign !== undefined) && new Set(signs).size === parts.length
}

/** May a log of this profile come from a version in the range? Yes where the profile does not tell. */
export function mayBeIn(range: string, profile: string, generations: Generations): boolean {
  const generation = generations.get(profile)
  if (generation === undefined) return true
  const { from, to } = boundsOf(range)
  const { since, until } = generation
  return (
    (to === undefined || compareVersions(since, to) < 0) &&
    (from === undefined || until === undefined || compareVersions(from, until) < 0)
  )
}

/** Does each log of this profile come from a version in the range? No where the profile does not tell. */
export function mustBeIn(range: string, profile: string, generations: Generations): boolean {
  const generation = generations.get(profile)
  if (generation === undefined) return false
  const { from, to } = boundsOf(range)
  const { since, until } = generation
  return (
    (from === undefined || compareVersions(from, since) <= 0) &&
    (to === undefined || (until !== undefined && compareVersions(until, to) <= 0))
  )
}

/** A range as people say it: `before version 25`, `from version 24.10 on, before 25.3`. */
export function rangeInWords(range: string): string {
  const { from, to } = boundsOf(range)
  if (from === undefined) return `before version ${to?.join('.')}`
  return `from version ${from.join('.')} on${to === undefined ? '' : `, before ${to.join('.')}`}`
}

/** The versions of a generation in words; undefined where nothing is known of them. */
export function versionsText(profile: string, generations: Generations): string | undefined {
  const generation = generations.get(profile)
  if (generation === undefined) return undefined
  const { since, until } = generation
  const from = since.join('.')
  return until === undefined ? `${from} and newer` : `${from} and newer, before ${until.join('.')}`
}

/** Negative if `a` is older, 0 if they are the same; missing numbers count as 0. */
export function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function boundsOf(range: string): Bounds {
  const bounds: { from?: Version; to?: Version } = {}
  for (const part of range.split(' ')) {
    const [, sign, text = ''] = PART.exec(part) ?? []
    bounds[sign === '<' ? 'to' : 'from'] = text.split('.').map(Number)
  }
  return bounds
}

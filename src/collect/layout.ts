import { isDeepStrictEqual } from 'node:util'
import type { Identity, Placement } from '../model.ts'
import { compareVersions, type Generations } from '../product-versions.ts'
import { folderHost } from './folder-host.ts'
import { basesOf, type GlobOptions, globsOf } from './layout-globs.ts'
import { type Layout, type Match, type Matcher, matcher } from './layout-match.ts'
import { namedParts, type PathName, SHAPES } from './layout-pattern.ts'
import { unrotated } from './rotation.ts'

export type LayoutSet = {
  /** Globs of all default locations below `root`, for fast-glob with `dot: true`. */
  globs(root: string, options?: GlobOptions): readonly string[]
  /** Folders without wildcards from which the globs start, below `root`. */
  bases(root: string): readonly string[]
  /**
   * What an absolute path says; undefined if no layout knows it. With `root`, the path must be below it and is first taken as
   * a path in the tree that `root` holds. Otherwise the longest end of a location that the path ends in counts.
   */
  place(path: string, root?: string): Placed | undefined
  /** The format of each source; if several layouts name a source, that of the first. */
  readonly formats: ReadonlyMap<string, string>
  /** All profiles of the layouts. */
  readonly profiles: ReadonlySet<string>
  /** The versions that write the logs of each profile, if it has a first version. */
  readonly generations: Generations
}

type Placed = {
  readonly placement: Placement
  /** As shown and stored: without the root, or from the beginning of a complete default location. */
  readonly path: string
  /** Does the name have a rotation suffix, or `.gz`? */
  readonly rotated: boolean
  /** `path` without that suffix: the same for all rotations of a file. */
  readonly base: string
}

/** Combines layouts into one set; never touches the disk. */
export function layoutSet(layouts: readonly Layout[]): LayoutSet {
  const patterns = layouts.flatMap((layout) => layout.locations.map((location) => location.pattern))
  const find = matcher(layouts)
  const findDesktop = matcher(layouts.map(desktopFolders))
  const shared = sharing()
  return {
    generations: generationsOf(layouts),
    profiles: new Set(layouts.map(({ profile }) => profile)),
    formats: new Map(
      layouts
        .flatMap(({ locations }) => locations)
        .toReversed()
        .map(({ source, format }) => [source, format]),
    ),
    globs: (root, options = {}) => globsOf(patterns, trimmed(root), options),
    bases: (root) => basesOf(patterns, trimmed(root)),
    place: (path, root) => {
      const shown = root === undefined ? path : below(path, trimmed(root))
      if (shown === undefined) return undefined
      const base = unrotated(shown)
      const parts = base.split('/')
      const match = find(parts)
      if (match === undefined) return undefined
      const { source, format } = match.target
      const names = namesIn(match, parts)
      const around = isNamed(names.host) ? undefined : desktopAround(parts.slice(0, match.from), findDesktop)
      const { whole, from, target } = around?.match ?? match
      const anchored = root !== undefined && whole && from === 1
      const identity = identityOf({ ...names, ...around?.names }, () =>
        anchored ? '' : folderHost(parts.slice(0, from), whole),
      )
      const cut = root === undefined && whole ? parts.slice(0, from).join('/').length : 0
      return {
        placement: shared({ identity, profile: target.layout.profile, source, format }),
        path: shown.slice(cut),
        rotated: base.length < shown.length,
        base: base.slice(cut),
      }
    },
  }
}

/** The files of a folder come together and are of one machine; many have equal placements. One object serves them all. */
function sharing(): (placement: Placement) => Placement {
  let last: Placement | undefined
  return (placement) => {
    if (last !== undefined && isDeepStrictEqual(placement.identity, last.identity)) {
      const ofLast = { ...placement, identity: last.identity }
      last = isDeepStrictEqual(ofLast, last) ? last : ofLast
    } else last = placement
    return last
  }
}

/** A generation ends where the next one begins. */
function generationsOf(layouts: readonly Layout[]): Generations {
  const ordered = layouts
    .filter(({ since }) => compareVersions(since, []) > 0)
    .sort((a, b) => compareVersions(a.since, b.since))
  return new Map(
    ordered.map(({ profile, since }) => {
      const next = ordered.find((other) => compareVersions(other.since, since) > 0)
      return [profile, next === undefined ? { since } : { since, until: next.since }]
    }),
  )
}

type Names = Partial<Record<PathName, string>>

/** The folders of a layout that are named after a desktop and its host. */
function desktopFolders(layout: Layout): Layout {
  const locations = layout.locations.flatMap((location) => {
    const { absolute, segments } = location.pattern
    const folder = segments.slice(0, -1)
    const last = folder.at(-1)
    const isOfHost = last?.kind === 'name' && last.name === 'host'
    return isOfHost ? [{ ...location, tail: 1, pattern: { absolute, segments: folder } }] : []
  })
  return { ...layout, never: [], locations }
}

type Desktop = { readonly match: Match; readonly names: Names }

/**
 * The desktop whose folder contains what was copied from its host; `folders` are those that lead to it. The complete path of
 * a desktop's folder is certain. The end of one needs a host and ids of the right shape, since owner and session may be any
 * word.
 */
function desktopAround(folders: readonly string[], find: Matcher): Desktop | undefined {
  let partial: Desktop | undefined
  for (let end = 2; end <= folders.length; end++) {
    const parts = folders.slice(0, end)
    const match = find(parts)
    const names = match === undefined ? {} : namesIn(match, parts)
    if (match === undefined || names.owner === undefined || names.session === undefined) continue
    if (match.whole) return { match, names }
    if (isShaped(names)) partial ??= { match, names }
  }
  return partial
}

function isShaped(names: Names): boolean {
  return (['session_uuid', 'bootstrap_uuid', 'host'] as const).every((name) => {
    const value = names[name]
    return value === undefined || SHAPES[name]?.test(value) === true
  })
}

/** What the names in a location say about a path. */
function namesIn(match: Match, parts: readonly string[]): Names {
  const names: Names = {}
  const { pattern, open } = match.target
  const { segments } = pattern
  for (let i = match.at; i < segments.length; i++) {
    const segment = segments[i]
    const part = i < open ? match.from + i - match.at : parts.length - segments.length + i
    if (segment === undefined) continue
    for (const [name, value] of namedParts(segment, parts[part] ?? '')) names[name] = value
  }
  return names
}

function identityOf(names: Names, hostOtherwise: () => string): Identity {
  return {
    cluster: names.cluster ?? '',
    owner: names.owner ?? '',
    session: names.session ?? '',
    sessionUuid: names.session_uuid ?? '',
    host: isNamed(names.host) ? names.host : hostOtherwise() || (names.host ?? ''),
  }
}

/** If no folder names the host, it is named by the id of its instance. */
function isNamed(host: string | undefined): host is string {
  return host !== undefined && !/^i-[0-9a-f]{8,17}$/.test(host)
}

function trimmed(root: string): string {
  return root.replace(/\/+$/, '')
}

function below(path: string, root: string): string | undefined {
  return path.startsWith(`${root}/`) ? path.slice(root.length) : undefined
}

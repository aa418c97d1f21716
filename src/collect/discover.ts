import { lstatSync, type Stats } from 'node:fs'
import { errorCode } from '../errors.ts'
import type { LayoutSet } from './layout.ts'
import { type Found, placed } from './log-names.ts'
import { isMisnamed, misnamed, type NotRead, notAFile, unopened, unsupported } from './not-read.ts'
import { inodeOf, lookOf } from './open-file.ts'
import type { IsOwn } from './own-output.ts'
import { isBundle, isUnsupported } from './packing.ts'
import { createWalk } from './walk.ts'

/** A file as a scan sees it: `look` changes when another file is there or it was written to. */
export type Sighted = Found & { readonly inode: string; readonly look: string; readonly size: number }

export type LocationOptions = {
  readonly onNotRead?: (file: NotRead) => void
  readonly isOwn?: IsOwn
  /** Some of the layouts' globs; all without it. */
  readonly globs?: readonly string[]
  /** The host of logs whose path names none: this machine, or the one that a copied tree is of. */
  readonly machine?: string | undefined
}

/**
 * Makes the scan of the layouts' default locations below `root`; files come in no order. A folder that cannot be looked
 * into and what is no regular file is told once.
 */
export function defaultLocations(
  layouts: LayoutSet,
  root: string,
  options: LocationOptions = {},
): () => AsyncGenerator<Sighted> {
  const { onNotRead = () => {}, isOwn = () => false, globs = locationGlobs(layouts, root), machine } = options
  let places = new Map<string, Found | undefined>()
  const told = new Set<string>()
  const walk = createWalk(onNotRead)
  const placeOf = (path: string, inode: string) => {
    const found = placed(layouts, path, root)
    if (found === undefined || !isOwn(path, inode)) return found && onMachine(found, machine)
    onNotRead({ path, reason: 'own-output', detail: 'dcvlens writes it' })
    return undefined
  }
  const tell = (file: NotRead) => {
    if (!told.has(file.path)) onNotRead(file)
    told.add(file.path)
  }
  return async function* scan() {
    const seen = new Map<string, Found | undefined>()
    for await (const path of walk.paths(globs)) {
      const stats = lookAt(path, tell)
      if (stats === undefined || stats.isDirectory()) continue
      const found = places.has(path) ? places.get(path) : placeOf(path, inodeOf(stats))
      // The string that is kept anyway, not the one of this scan.
      seen.set(found?.path ?? path, found)
      if (found === undefined) continue
      if (stats.isFile()) yield sightedAs(found, stats)
      else tell(notAFile(path, stats))
    }
    // Paths that are gone are forgotten.
    places = seen
  }
}

/** A file as its stats show it. */
export function sightedAs({ path, place }: Found, stats: Stats): Sighted {
  return { path, place, inode: inodeOf(stats), look: lookOf(stats), size: stats.size }
}

/** Makes what tells the place of one path, as those scans do; undefined where they would find no log. */
export function locationAt(
  layouts: LayoutSet,
  root: string,
  { isOwn = () => false, machine }: Pick<LocationOptions, 'isOwn' | 'machine'> = {},
): (path: string) => Found | undefined {
  return (path) => {
    const found = isBundle(path) || isUnsupported(path) ? undefined : placed(layouts, path, root)
    return found === undefined || isOwn(path) ? undefined : onMachine(found, machine)
  }
}

function onMachine(found: Found, machine: string | undefined): Found {
  const { placement } = found.place
  if (machine === undefined || placement.identity.host !== '') return found
  const identity = { ...placement.identity, host: machine }
  return { ...found, place: { ...found.place, machine, placement: { ...placement, identity } } }
}

/** Looks at a path that the glob has found; undefined if nothing is there any more, or nothing of it can be read. */
function lookAt(path: string, tell: (file: NotRead) => void): Stats | undefined {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    if (stats === undefined && isMisnamed(path)) tell(misnamed(path))
    const packed = stats?.isFile() === true ? unread(path) : undefined
    if (packed === undefined) return stats
    tell(packed)
    return undefined
  } catch (error) {
    const detail = errorCode(error)
    if (detail === '') throw error
    tell({ path, reason: 'unreadable', detail })
    return undefined
  }
}

/** Its name tells that nothing can be read of it here. */
function unread(path: string): NotRead | undefined {
  if (isUnsupported(path)) return unsupported(path)
  return isBundle(path) ? unopened(path) : undefined
}

/** The globs of all default locations below `root`, compressed logs among them. */
export function locationGlobs(layouts: LayoutSet, root: string): readonly string[] {
  return layouts.globs(root, { gz: true })
}

import { lstatSync, type Stats } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { errorCode } from '../errors.ts'
import { FolderLooks } from './folder-looks.ts'
import type { LayoutSet } from './layout.ts'
import { type Found, placed } from './log-names.ts'
import { isMisnamed, misnamed, type NotRead, notAFile, unopened, unsupported } from './not-read.ts'
import { inodeOf, lookOf } from './open-file.ts'
import type { IsOwn } from './own-output.ts'
import { isBundle, isUnsupported } from './packing.ts'
import { createWalk } from './walk.ts'

/** A file as a scan sees it: `look` changes when the file is replaced or written to. */
export type Sighted = Found & { readonly inode: string; readonly look: string; readonly size: number }

export type LocationOptions = {
  readonly onNotRead?: (file: NotRead) => void
  readonly isOwn?: IsOwn
  /** Only these of the layouts' globs; all if absent. */
  readonly globs?: readonly string[]
  /** The host of logs whose path names none: this machine, or the one from which a tree was copied. */
  readonly machine?: string | undefined
  /** For scans that are repeated: folders that still hold the same names are not listed again. */
  readonly nowMs?: () => number
}

/** After so many files, other work has its turn. */
const FILES_A_TURN = 256

/**
 * Makes the scan of the layouts' default locations below `root`. Files come in no particular order. Folders that cannot be
 * read, and entries that are not regular files, are reported once.
 */
export function defaultLocations(
  layouts: LayoutSet,
  root: string,
  options: LocationOptions = {},
): () => AsyncGenerator<Sighted> {
  const { onNotRead = () => {}, isOwn = () => false, globs = locationGlobs(layouts, root), machine } = options
  const looks = options.nowMs && new FolderLooks(options.nowMs)
  let places = new Map<string, Found | undefined>()
  const told = new Set<string>()
  const walk = createWalk(onNotRead, [], looks)
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
  const again = async function* () {
    let files = 0
    for (const [path, found] of places) {
      if (++files % FILES_A_TURN === 0) await setImmediate()
      const stats = found && lookAt(path, tell)
      if (found !== undefined && stats?.isFile() === true) yield sightedAs(found, stats)
    }
  }
  return async function* scan() {
    if ((await looks?.areUnchanged()) === true) {
      yield* again()
      return
    }
    const seen = new Map<string, Found | undefined>()
    looks?.begin()
    for await (const path of walk.paths(globs)) {
      const stats = lookAt(path, tell, looks)
      if (stats === undefined || stats.isDirectory()) continue
      const found = places.has(path) ? places.get(path) : placeOf(path, inodeOf(stats))
      // Keeps the existing string instead of the one from this scan.
      seen.set(found?.path ?? path, found)
      if (found === undefined) continue
      if (stats.isFile()) yield sightedAs(found, stats)
      else tell(notAFile(path, stats))
    }
    // Paths that are gone are forgotten.
    places = seen
    looks?.end()
  }
}

/** A file as its stats show it. */
export function sightedAs({ path, place }: Found, stats: Stats): Sighted {
  return { path, place, inode: inodeOf(stats), look: lookOf(stats), size: stats.size }
}

/** Makes a function that places a single path as those scans do; undefined if they would find no log there. */
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

/** Looks at a path found by the glob; undefined if it is gone or cannot be read at all. */
function lookAt(path: string, tell: (file: NotRead) => void, looks?: FolderLooks): Stats | undefined {
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
    looks?.failed()
    tell({ path, reason: 'unreadable', detail })
    return undefined
  }
}

/** Its name says that it cannot be read here. */
function unread(path: string): NotRead | undefined {
  if (isUnsupported(path)) return unsupported(path)
  return isBundle(path) ? unopened(path) : undefined
}

/** The globs of all default locations below `root`, including compressed logs. */
export function locationGlobs(layouts: LayoutSet, root: string): readonly string[] {
  return layouts.globs(root, { gz: true })
}

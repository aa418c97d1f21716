import { type Dirent, lstatSync, readdir, readdirSync, realpathSync, type Stats } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import glob from 'fast-glob'
import { errorCode, usageError } from '../errors.ts'
import type { Loss } from '../model.ts'
import type { LayoutSet } from './layout.ts'
import { asGeneric, below, type Found, looksLikeLog, placed } from './log-names.ts'
import type { Place } from './open-feed.ts'
import { inodeOf, isGone, lookOf } from './open-file.ts'
import type { IsOwn } from './own-output.ts'
import { isBundle, packingOf } from './packing.ts'
import { unrotated } from './rotation.ts'

/** A file that holds others; `shown` is its path as it stands before those of its members. */
export type FoundBundle = { readonly path: string; readonly shown: string }

/** Says what the path of a log in a bundle means, `shown` being as it is stored; undefined if nothing tells that it is a log. */
export type Placing = (path: string, shown: string) => Place | undefined

/** A file as a scan sees it: `look` changes when another file is there or it was written to. */
export type Sighted = Found & { readonly inode: string; readonly look: string; readonly size: number }

/** A file or folder that was not read, and why. */
export type NotRead = {
  readonly path: string
  readonly reason: string
  readonly detail: string
  /** Which bytes will never be read, if that is known. */
  readonly lost?: Pick<Loss, 'file' | 'offset' | 'length'>
}

const OPTIONS = {
  dot: true,
  // What has the name of a log but is a link or a FIFO is told, not passed over.
  onlyFiles: false,
  followSymbolicLinks: false,
  suppressErrors: true,
  baseNameMatch: false,
} as const

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
 * into and what is no regular file is told once. The only door to fast-glob.
 */
export function defaultLocations(
  layouts: LayoutSet,
  root: string,
  options: LocationOptions = {},
): () => AsyncGenerator<Sighted> {
  const { onNotRead = () => {}, isOwn = () => false, globs = locationGlobs(layouts, root), machine } = options
  let places = new Map<string, Found | undefined>()
  const told = new Set<string>()
  const fs = closedFolders(onNotRead)
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
    // Not with the glob's own stats: a name that cannot be looked at would end its search in silence.
    for await (const entry of glob.stream([...globs], { ...OPTIONS, fs })) {
      const path = String(entry)
      const stats = lookAt(path, tell)
      if (stats === undefined || stats.isDirectory()) continue
      const found = places.has(path) ? places.get(path) : placeOf(path, inodeOf(stats))
      seen.set(path, found)
      if (found === undefined) continue
      if (stats.isFile()) yield { ...found, inode: inodeOf(stats), look: lookOf(stats), size: stats.size }
      else tell(notAFile(path, stats))
    }
    // Paths that are gone are forgotten.
    places = seen
  }
}

function onMachine(found: Found, machine: string | undefined): Found {
  const { placement } = found.place
  if (machine === undefined || placement.identity.host !== '') return found
  const identity = { ...placement.identity, host: machine }
  return { ...found, place: { ...found.place, machine, placement: { ...placement, identity } } }
}

/** Looks at a path that the glob has found; undefined if nothing is there any more, or it cannot be looked at. */
function lookAt(path: string, tell: (file: NotRead) => void): Stats | undefined {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    if (stats === undefined && isMisnamed(path)) tell(misnamed(path))
    return stats
  } catch (error) {
    const detail = errorCode(error)
    if (detail === '') throw error
    tell({ path, reason: 'unreadable', detail })
    return undefined
  }
}

/** The globs of all default locations below `root`, compressed logs among them. */
export function locationGlobs(layouts: LayoutSet, root: string): readonly string[] {
  return layouts.globs(root, { gz: true })
}

/** Does a name hold bytes that are no UTF-8? It was read with a sign in their place, and nothing has that name. */
function isMisnamed(path: string): boolean {
  return path.includes('\ufffd') && isGone(path)
}

function misnamed(path: string): NotRead {
  return { path, reason: 'unreadable', detail: 'its name is not UTF-8; rename it, and it is read' }
}

export type NamedPaths = {
  readonly found: readonly Found[]
  readonly bundles: readonly FoundBundle[]
  /** Regular files in the folders that no layout knows and that do not look like logs. */
  readonly passedOver: number
  /** Folders that cannot be looked into, and what has the name of a log but is no regular file. */
  readonly notRead: readonly NotRead[]
}

/**
 * Files that were named on the command line: a file is taken whatever its name, a folder gives the bundles below it, and
 * the files that a layout knows or that look like logs.
 */
export async function discoverNamed(
  paths: readonly string[],
  layouts: LayoutSet,
  root: string | undefined,
  isOwn: IsOwn = () => false,
): Promise<NamedPaths> {
  const found = new Map<string, Found>()
  const bundles = new Map<string, FoundBundle>()
  const notRead: NotRead[] = []
  const fs = closedFolders((folder) => notRead.push(folder))
  let passedOver = 0
  const take = (path: string, file: Found | undefined, shown: string) => {
    if (isBundle(path)) bundles.set(path, { path, shown: below(path, root) ?? shown })
    else if (file === undefined) passedOver++
    else found.set(path, file)
  }
  for (const name of paths) {
    const path = resolve(name)
    const stat = statNamed(path)
    if (stat.isDirectory()) {
      for await (const { inside, file, refused } of filesBelow(path, fs, layouts, root)) {
        if (refused !== undefined) notRead.push(refused)
        else if (isOwn(inside)) passedOver++
        else take(inside, file, relative(path, inside))
      }
    } else if (stat.isFile()) {
      take(path, placed(layouts, path, root) ?? asGeneric(path, root), basename(path))
    } else {
      throw usageError(
        'E_NOT_A_FILE',
        `${name} is not a regular file or a folder`,
        'Name log files or folders of logs; links, FIFOs and devices are not read.',
      )
    }
  }
  return {
    found: inReadingOrder([...found.values()]),
    bundles: [...bundles.values()].sort(byPath),
    passedOver,
    notRead,
  }
}

type Below = { readonly inside: string; readonly file?: Found | undefined; readonly refused?: NotRead }

/** What is in a folder, but for folders: a log, one that is not read, or a file that is no log. */
async function* filesBelow(
  folder: string,
  fs: ReturnType<typeof closedFolders>,
  layouts: LayoutSet,
  root: string | undefined,
): AsyncGenerator<Below> {
  for await (const entry of glob.stream('**/*', { ...OPTIONS, fs, cwd: folder, objectMode: true })) {
    const { path: name, dirent } = entry as unknown as { path: string; dirent: Dirent }
    if (dirent.isDirectory()) continue
    const inside = join(folder, name)
    const file = placed(layouts, inside, root) ?? looksLikeLog(inside, root)
    if (file !== undefined && isMisnamed(inside)) yield { inside, refused: misnamed(inside) }
    else if (dirent.isFile()) yield { inside, file }
    else if (file !== undefined) yield { inside, refused: notAFile(inside, dirent) }
  }
}

type ReadDone = (error: unknown, entries: unknown) => void

/** The glob passes over a folder that it cannot read, in silence: this tells of each, once. */
function closedFolders(tell: (folder: NotRead) => void) {
  const told = new Set<string>()
  // With stats the glob asks for names alone: then there are no options between path and callback.
  const noting = (path: string, ...rest: [ReadDone] | [object, ReadDone]) => {
    const [options, done] = rest.length === 1 ? [{}, rest[0]] : rest
    readdir(path, options, (error, entries) => {
      const code = errorCode(error)
      const isNews = code !== '' && !told.has(path)
      if (isNews && isMisnamed(path)) tell(misnamed(path))
      else if (isNews && code !== 'ENOENT' && code !== 'ENOTDIR')
        tell({ path, reason: 'unreadable', detail: code })
      if (code !== '') told.add(path)
      done(error, entries)
    })
  }
  return { readdir: noting as unknown as typeof readdir }
}

function notAFile(path: string, entry: Pick<Dirent, 'isSymbolicLink' | 'isFIFO'>): NotRead {
  const what = entry.isSymbolicLink() ? 'a symbolic link' : entry.isFIFO() ? 'a FIFO' : 'a socket or a device'
  return { path, reason: 'not-a-file', detail: what }
}

function statNamed(path: string): ReturnType<typeof lstatSync> & object {
  try {
    const stat = lstatSync(realpathSync(path))
    if (stat.isDirectory()) readdirSync(path)
    return stat
  } catch (cause) {
    const code = errorCode(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw usageError(
        'E_NO_SUCH_PATH',
        `${path} does not exist`,
        'Check the spelling; relative paths start at the current folder.',
      )
    }
    throw usageError(
      'E_UNREADABLE',
      `${path} cannot be read (${code})`,
      'Run as a user who may read it; SOCA log folders belong to root.',
    )
  }
}

/** Makes the search for the place of a log in a bundle; its layout comes from the end of its path. */
export function memberPlaces(layouts: LayoutSet): Placing {
  return (path, shown) => {
    const found = placed(layouts, path, undefined) ?? looksLikeLog(path, undefined)
    if (found === undefined) return undefined
    return { placement: found.place.placement, path: shown, base: unrotated(shown) }
  }
}

/**
 * Compressed files come last: of those that are the copy of a plain file nothing is left to read then. A log comes before
 * its rotations: one that was cut in place must be known as such before its copy is read.
 */
export function inReadingOrder(files: readonly Found[]): Found[] {
  const isGzip = (file: Found) => Number(packingOf(file.path) === 'gzip')
  return files.toSorted((a, b) => isGzip(a) - isGzip(b) || byPath(a, b))
}

const NUMERIC = new Intl.Collator('en', { numeric: true })

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return NUMERIC.compare(a.path, b.path)
}

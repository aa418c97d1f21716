import { lstatSync, readdirSync, realpathSync } from 'node:fs'
import { basename, extname, join, relative, resolve } from 'node:path'
import { errorCode, OpsError, usageError } from '../errors.ts'
import { withoutClusterNames } from './copied-cluster.ts'
import type { LayoutSet } from './layout.ts'
import { asGeneric, below, type Found, looksLikeLog, placed } from './log-names.ts'
import { isWithin, kernelMounts, mountOf, type NetworkMount } from './mounts.ts'
import { isMisnamed, misnamed, type NotRead, notAFile, unreachable, unsupported } from './not-read.ts'
import type { Place } from './open-feed.ts'
import type { IsOwn } from './own-output.ts'
import { isBundle, isUnsupported, packingOf } from './packing.ts'
import { unrotated } from './rotation.ts'
import { createWalk, type Walk } from './walk.ts'

/** A file that contains others; `shown` is its path as it precedes those of its members. */
export type FoundBundle = { readonly path: string; readonly shown: string }

/** What the path of a member says (`shown` is the path as stored); undefined if nothing suggests that it is a log. */
export type Placing = (path: string, shown: string) => Place | undefined

export type NamedPaths = {
  readonly found: readonly Found[]
  readonly bundles: readonly FoundBundle[]
  /** Regular files in the folders that no layout knows and that do not look like logs. */
  readonly passedOver: number
  /** Folders that cannot be read, and entries with the name of a log that are not regular files. */
  readonly notRead: readonly NotRead[]
}

export type NamedOptions = {
  readonly isOwn?: IsOwn
  /** Network file systems that do not answer, which are not looked into. */
  readonly silent?: readonly NetworkMount[]
}

/**
 * The files named on the command line. A named file is taken whatever its name is; a named folder yields the bundles below
 * it, and the files that a layout knows or that look like logs.
 */
export async function discoverNamed(
  paths: readonly string[],
  layouts: LayoutSet,
  root: string | undefined,
  { isOwn = () => false, silent = [] }: NamedOptions = {},
): Promise<NamedPaths> {
  const found = new Map<string, Found>()
  const bundles = new Map<string, FoundBundle>()
  const notRead: NotRead[] = []
  const kernel = kernelMounts()
  const closed = [...kernel, ...silent.map(({ folder }) => folder)]
  const walk = createWalk((folder) => notRead.push(folder), closed)
  let passedOver = 0
  const take = (path: string, file: Found | undefined, shown: string, isNamed = false) => {
    if (isUnsupported(path)) {
      // What was named is always reported; other files only if they would be read otherwise.
      if (isNamed || isLogOrBundle(path, layouts, root)) notRead.push(unsupported(path))
      else passedOver++
    } else if (isBundle(path)) bundles.set(path, { path, shown: below(path, root) ?? shown })
    else if (file === undefined) passedOver++
    else found.set(path, file)
  }
  for (const name of paths) {
    if (name === '') throw nameless()
    const path = resolve(name)
    refuseSilent(name, mountOf(path, silent))
    notRead.push(...silent.filter(({ folder }) => isWithin(folder, path)).map(unreachable))
    const stat = statNamed(path)
    refuseKernel(name, realpathSync(path), kernel)
    if (stat.isDirectory()) {
      for await (const { inside, file, refused } of filesBelow(path, walk, layouts, root)) {
        if (refused !== undefined) notRead.push(refused)
        else if (isOwn(inside)) passedOver++
        else take(inside, file, relative(path, inside))
      }
    } else if (stat.isFile()) {
      take(path, placed(layouts, path, root) ?? asGeneric(path, root), basename(path), true)
    } else {
      throw usageError(
        'E_NOT_A_FILE',
        `${name} is not a regular file or a folder`,
        'Name log files or folders of logs; links, FIFOs and devices are not read.',
      )
    }
  }
  return {
    found: inReadingOrder(withoutClusterNames([...found.values()], layouts)),
    bundles: [...bundles.values()].sort(byPath),
    passedOver,
    notRead,
  }
}

/** An unset shell variable gives an empty name, which would mean the current folder. */
function nameless(): OpsError {
  return usageError('E_NO_SUCH_PATH', 'a PATH is empty', 'Name files or folders; the current folder is `.`.')
}

function refuseSilent(name: string, mount: NetworkMount | undefined): void {
  if (mount === undefined) return
  throw new OpsError(
    'E_UNREACHABLE',
    `${name} cannot be read: ${mount.folder} (${mount.name}) does not answer`,
    'Check the file server and the route to it; detach a mount that hangs with `umount -f -l`.',
  )
}

/** What is not on a disk may have no end, and is different each time. */
function refuseKernel(name: string, path: string, kernel: readonly string[]): void {
  if (!kernel.some((folder) => isWithin(path, folder))) return
  throw usageError(
    'E_NOT_A_FILE',
    `${name} is not on a disk: the kernel makes it up when it is read`,
    'Write what it says to a file and name that, for example `dmesg > kernel.log`.',
  )
}

/** Would it be read if its compression were supported? */
function isLogOrBundle(path: string, layouts: LayoutSet, root: string | undefined): boolean {
  const plain = path.slice(0, path.length - extname(path).length)
  return (
    /\.t[xb]z2?$/i.test(path) ||
    isBundle(plain) ||
    (placed(layouts, plain, root) ?? looksLikeLog(plain, root)) !== undefined
  )
}

type Below = { readonly inside: string; readonly file?: Found | undefined; readonly refused?: NotRead }

/** Everything in a folder except folders: logs, logs that cannot be read, and other files. */
async function* filesBelow(
  folder: string,
  walk: Walk,
  layouts: LayoutSet,
  root: string | undefined,
): AsyncGenerator<Below> {
  for await (const { path: name, dirent } of walk.entries(folder)) {
    if (dirent.isDirectory()) continue
    const inside = join(folder, name)
    const file = placed(layouts, inside, root) ?? looksLikeLog(inside, root)
    if (file !== undefined && isMisnamed(inside)) yield { inside, refused: misnamed(inside) }
    else if (dirent.isFile()) yield { inside, file }
    else if (file !== undefined) yield { inside, refused: notAFile(inside, dirent) }
  }
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

/** Makes the search for what a bundle member's path says; the layout is found by the end of the path. */
export function memberPlaces(layouts: LayoutSet): Placing {
  return (path, shown) => {
    const found = placed(layouts, path, undefined) ?? looksLikeLog(path, undefined)
    if (found === undefined) return undefined
    return { placement: found.place.placement, path: shown, base: unrotated(shown) }
  }
}

/**
 * Compressed files come last: of those that are copies of a plain file, nothing is left to read by then. A log comes before
 * its rotations: if it was truncated in place, that must be known before its copy is read.
 */
export function inReadingOrder(files: readonly Found[]): Found[] {
  const isGzip = (file: Found) => Number(packingOf(file.path) === 'gzip')
  return files.toSorted((a, b) => isGzip(a) - isGzip(b) || byPath(a, b))
}

const NUMERIC = new Intl.Collator('en', { numeric: true })

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return NUMERIC.compare(a.path, b.path)
}

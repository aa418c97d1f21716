import { type Dirent, lstatSync, readdir, readdirSync, realpathSync, type Stats } from 'node:fs'
import { join, resolve } from 'node:path'
import glob from 'fast-glob'
import { errorCode, usageError } from '../errors.ts'
import type { Place } from './feed.ts'
import type { LayoutSet } from './layout.ts'
import { inodeOf, lookOf } from './open-file.ts'

/** A file that a source names now, and what its path says. */
export type Found = { readonly path: string; readonly place: Place }

/** A file as a scan sees it: `look` changes when another file is there or it was written to. */
export type Sighted = Found & { readonly inode: string; readonly look: string }

/** A file or folder that was not read, and why. */
export type NotRead = { readonly path: string; readonly reason: string; readonly detail: string }

const OPTIONS = {
  dot: true,
  // What has the name of a log but is a link or a FIFO is told, not passed over.
  onlyFiles: false,
  followSymbolicLinks: false,
  suppressErrors: true,
  baseNameMatch: false,
} as const

/**
 * Makes the scan of the layouts' default locations below `root`; files come in no order. A folder that cannot be looked
 * into and what is no regular file is told once. The only door to fast-glob.
 */
export function defaultLocations(
  layouts: LayoutSet,
  root: string,
  onNotRead: (folder: NotRead) => void = () => {},
): () => AsyncGenerator<Sighted> {
  const places = new Map<string, Found | undefined>()
  const told = new Set<string>()
  const fs = closedFolders(onNotRead)
  return async function* scan() {
    for await (const entry of glob.stream([...layouts.globs(root)], { ...OPTIONS, fs, stats: true })) {
      const { path, stats } = entry as unknown as { path: string; stats: Stats }
      if (!places.has(path)) places.set(path, placed(layouts, path, root))
      const found = places.get(path)
      if (found === undefined || stats.isDirectory()) continue
      if (!stats.isFile()) {
        if (!told.has(path)) onNotRead(notAFile(path, stats))
        told.add(path)
        continue
      }
      yield { ...found, inode: inodeOf(stats), look: lookOf(stats) }
    }
  }
}

export type NamedPaths = {
  readonly found: readonly Found[]
  /** Regular files in the folders that no layout knows and that do not look like logs. */
  readonly passedOver: number
  /** Folders that cannot be looked into, and what has the name of a log but is no regular file. */
  readonly notRead: readonly NotRead[]
}

/**
 * Files that were named on the command line: a file is taken whatever its name, a folder gives the files below it that
 * a layout knows or that look like logs. Oldest rotation first, so that a line's time can be inherited in order.
 */
export async function discoverNamed(
  paths: readonly string[],
  layouts: LayoutSet,
  root: string | undefined,
): Promise<NamedPaths> {
  const found = new Map<string, Found>()
  const notRead: NotRead[] = []
  const fs = closedFolders((folder) => notRead.push(folder))
  let passedOver = 0
  for (const name of paths) {
    const path = resolve(name)
    const stat = statNamed(path)
    if (stat.isDirectory()) {
      for await (const { file, refused } of filesBelow(path, fs, layouts, root)) {
        if (refused !== undefined) notRead.push(refused)
        else if (file === undefined) passedOver++
        else found.set(file.path, file)
      }
    } else if (stat.isFile()) {
      const file = placed(layouts, path, root) ?? asGeneric(path, root)
      found.set(path, file)
    } else {
      throw usageError(
        'E_NOT_A_FILE',
        `${name} is not a regular file or a folder`,
        'Name log files or folders of logs; links, FIFOs and devices are not read.',
      )
    }
  }
  return { found: [...found.values()].sort(byPath), passedOver, notRead }
}

type Below = { readonly file?: Found | undefined; readonly refused?: NotRead }

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
    const path = join(folder, name)
    const file = placed(layouts, path, root) ?? looksLikeLog(path, root)
    if (dirent.isFile()) yield { file }
    else if (file !== undefined) yield { refused: notAFile(path, dirent) }
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
      const isGone = code === 'ENOENT' || code === 'ENOTDIR'
      if (code !== '' && !isGone && !told.has(path)) tell({ path, reason: 'unreadable', detail: code })
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

function placed(layouts: LayoutSet, path: string, root: string | undefined): Found | undefined {
  const place = layouts.place(path, root)
  if (place === undefined) return undefined
  return { path, place: { placement: place.placement, path: place.path, base: place.base } }
}

const LOG_NAME = /\.(?:log|out|err|txt)(?:[.-][\d_.-]+)?$/i
/** What syslog and its like write below /var/log has no extension; what login accounting writes there is no text. */
const SYSTEM_LOG =
  /\/var\/log\/(?:(?!journal\/|sa\/|sysstat\/)[^/]+\/)*(?![wb]tmp|lastlog|faillog|tallylog)[\w-]+(?:\.[\d_.-]+)?$/

/** Texts that hold a key or a password and nothing else, as clusters keep them beside their logs. */
const SECRET_NAME =
  /(?:\/(?:keys?|secrets?|credentials?|\.ssh|\.aws)\/[^/]*|(?:secret|passw(?:or)?d|passphrase|credential|token|private|[_-]key)[^/]*)\.txt(?:[.-][\d_.-]+)?$/i

function looksLikeLog(path: string, root: string | undefined): Found | undefined {
  const isLog = LOG_NAME.test(path) ? !SECRET_NAME.test(path) : SYSTEM_LOG.test(path)
  return isLog ? asGeneric(path, root) : undefined
}

function asGeneric(path: string, root: string | undefined): Found {
  const shown = root === undefined ? path : path.startsWith(join(root, '/')) ? path.slice(root.length) : path
  const identity = { cluster: '', owner: '', session: '', sessionUuid: '', host: '' }
  const placement = { identity, profile: '', source: 'generic', format: 'generic' }
  return { path, place: { placement, path: shown, base: shown.replace(/[.-][\d_.-]+$/, '') } }
}

function byPath(a: Found, b: Found): number {
  return a.path.localeCompare(b.path, 'en', { numeric: true })
}

import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
} from 'node:fs'
import { errorCode } from '../errors.ts'

/** A regular file that is open for reading, and its stats when it was opened. */
export type OpenFile = { readonly fd: number; readonly stat: FileStat }

export type FileStat = {
  readonly dev: number
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
  /** As precise as the system gives it, since an inode number may be reused within a millisecond. 0 if unknown. */
  readonly birthMs: number
  /** When its last name was deleted, by the clock of `birthMs`; not set while it has one. */
  readonly deletedMs?: number
}

export type Refused = { readonly refused: 'vanished' | 'unreadable' | 'not-a-file'; readonly detail: string }

/** Does not follow a link at the end of the path, and does not wait for the other side of a FIFO. */
const SAFE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Opens a path only if it is a regular file. Some watched folders are owned by users, so nothing else is touched. */
export function openRegular(path: string): OpenFile | Refused {
  let fd: number
  try {
    fd = openSync(path, SAFE)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return { refused: 'vanished', detail: code }
    if (code === 'ELOOP' || code === 'ENXIO')
      return { refused: 'not-a-file', detail: 'a symbolic link or a FIFO' }
    return { refused: 'unreadable', detail: code }
  }
  try {
    const stat = statOf(fd)
    if (stat !== undefined) return { fd, stat }
  } catch (error) {
    closeSync(fd)
    return { refused: 'unreadable', detail: errorCode(error) }
  }
  closeSync(fd)
  return { refused: 'not-a-file', detail: 'not a regular file' }
}

/** The current stats of an open file; undefined if it is not a regular file. */
export function statOf(fd: number): FileStat | undefined {
  const stat = fstatSync(fd)
  if (!stat.isFile()) return undefined
  const { dev, ino, size, mtimeMs, birthtimeMs, nlink, ctimeMs } = stat
  const deleted = nlink === 0 ? { deletedMs: ctimeMs } : undefined
  return { dev, ino, size, mtimeMs, birthMs: birthtimeMs, ...deleted }
}

/** How an open file looks now; as it did when it was opened if that cannot be found out, which reading it reports. */
export function statNow({ fd, stat }: OpenFile): FileStat {
  try {
    return statOf(fd) ?? stat
  } catch (error) {
    if (errorCode(error) === '') throw error
    return stat
  }
}

export type Inode = Pick<FileStat, 'dev' | 'ino'>

/**
 * Identifies a file on this machine as long as it is not deleted. Joined, since a template would keep all its parts for as
 * long as the text is kept.
 */
export function inodeOf({ dev, ino }: Inode): string {
  return [dev, ino].join(':')
}

/** The number of an inode without its device, which may get another number when a file system is mounted again. */
export function inodeNumber(inode: string): number {
  return Number(inode.slice(inode.indexOf(':') + 1))
}

/** Changes when the file is replaced or written to. */
export function lookOf({
  dev,
  ino,
  size,
  mtimeMs,
}: Pick<FileStat, 'dev' | 'ino' | 'size' | 'mtimeMs'>): string {
  return [dev, ino, size, mtimeMs].join(':')
}

/** Reads up to `size` bytes at `position`; fewer only at the end of the file. */
export function readAt(fd: number, position: number, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  let got = 0
  while (got < size) {
    const more = readSync(fd, bytes, got, size - got, position + got)
    if (more === 0) break
    got += more
  }
  return bytes.subarray(0, got)
}

/** What exists at this path, without following a link; undefined if it is gone or cannot be looked at. */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** Does nothing exist at this path? False if that cannot be found out. */
export function isGone(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined
  } catch {
    return false
  }
}

/** Is this inode at this path, on whatever device? */
export function liesAt(path: string, inode: string): boolean {
  return lookAt(path)?.ino === inodeNumber(inode)
}

/** Does this error code say that no more files can be opened? */
export function isOutOfDescriptors(code: string): boolean {
  return code === 'EMFILE' || code === 'ENFILE'
}

/** How many files this process may have open. */
export function descriptorLimit(): number {
  const limit = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
}

import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../../errors.ts'

/** A database of the portal that was copied completely, or why it was not. */
export type Copied = { readonly bytes: Uint8Array } | { readonly refused: string }

/** Where the portal of each generation keeps its database, below the cluster's folder. */
const PLACES = ['cluster_web_ui', 'cluster_manager/web_interface']
const BASES = ['apps/soca', 'apps/edh', 'opt/soca', 'opt/edh']
const NAME = 'db.sqlite'

/** A larger file is not a list of desktops. */
const MAX_BYTES = 256 * 1024 * 1024
const TRIES = 3
const READ_BYTES = 4 * 1024 * 1024

/** The folders below `root` in which clusters have their own. */
export function portalFolders(root: string): string[] {
  return BASES.map((base) => join(root, base))
}

/** The databases of the portals in a folder, by path. */
export function findDatabases(folder: string): string[] {
  return namesIn(folder).flatMap((cluster) =>
    PLACES.map((place) => join(folder, cluster, place, NAME)).filter(isThere),
  )
}

/**
 * Copies a database into memory. Locks over NFS cannot be trusted, so it is read again until it did not change meanwhile.
 * Follows no link, and writes nothing beside it.
 */
export function copyDatabase(path: string): Copied {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      return copyOf(fd, path)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    const code = errorCode(error)
    return { refused: code === 'ELOOP' ? 'it is a link' : `it cannot be read (${code})` }
  }
}

function copyOf(fd: number, path: string): Copied {
  for (let tries = 0; tries < TRIES; tries++) {
    const before = fstatSync(fd)
    if (!before.isFile()) return { refused: 'it is no regular file' }
    if (before.size === 0) return { refused: 'it is empty' }
    if (before.size > MAX_BYTES) return { refused: `it is larger than ${MAX_BYTES / 1024 / 1024} MB` }
    const bytes = readAll(fd, before.size)
    const after = fstatSync(fd)
    const isBusy = isFilled(`${path}-journal`)
    if (after.mtimeMs === before.mtimeMs && after.size === before.size && !isBusy)
      return withoutWal(bytes, path)
  }
  return { refused: 'it is being written to; ask again' }
}

function readAll(fd: number, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; ) {
    const read = readSync(fd, bytes, at, Math.min(READ_BYTES, size - at), at)
    if (read === 0) break
    at += read
  }
  return bytes
}

/** Changes that wait in a write-ahead log are not in the file: an old state would be shown as the current one. */
function withoutWal(bytes: Buffer, path: string): Copied {
  if (isFilled(`${path}-wal`)) return { refused: 'its newest changes are in a write-ahead log (-wal)' }
  // Bytes 18 and 19 say that a write-ahead log may exist; a copy in memory has none. Source: the SQLite file format.
  if (bytes[18] === 2) bytes[18] = 1
  if (bytes[19] === 2) bytes[19] = 1
  return { bytes }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

/** A link that leads nowhere, and a file behind a closed folder, are there: reading them tells what is wrong. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return true
  }
}

function isFilled(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0
}

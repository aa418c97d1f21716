import type { Dirent } from 'node:fs'
import { extname } from 'node:path'
import type { Loss } from '../model.ts'
import { isGone } from './open-file.ts'

/** A file or folder that was not read, and why. */
export type NotRead = {
  readonly path: string
  readonly reason: string
  readonly detail: string
  /** How it is shown, if not by its path as the layouts read it: a member of a bundle. */
  readonly shown?: string
  /** The ledger has it by the bytes that were read before. */
  readonly isTold?: boolean
  /** Which bytes will never be read, if that is known. */
  readonly lost?: Pick<Loss, 'file' | 'offset' | 'length'>
}

/** Does a name hold bytes that are no UTF-8? It was read with a sign in their place, and nothing has that name. */
export function isMisnamed(path: string): boolean {
  return path.includes('\ufffd') && isGone(path)
}

/** It stands there by a name that cannot be asked for. */
export function misnamed(path: string): NotRead {
  return { path, reason: 'unreadable', detail: 'its name is not UTF-8; rename it, and it is read' }
}

/** It is compressed so that nobody here can read it. */
export function unsupported(path: string): NotRead {
  const detail = `compression not supported (${extname(path)}); unpack it, or compress it with gzip`
  return { path, reason: 'unsupported', detail }
}

/** A bundle among logs that are watched is not opened: nobody knows when it is whole. */
export function unopened(path: string): NotRead {
  const detail = `bundles are not watched (${extname(path)}); read it with \`dcvlens ingest FILE\``
  return { path, reason: 'unsupported', detail }
}

/** It has the name of a log, and reading it would wait for ever or lead elsewhere. */
export function notAFile(path: string, entry: Pick<Dirent, 'isSymbolicLink' | 'isFIFO'>): NotRead {
  const what = entry.isSymbolicLink() ? 'a symbolic link' : entry.isFIFO() ? 'a FIFO' : 'a socket or a device'
  return { path, reason: 'not-a-file', detail: what }
}

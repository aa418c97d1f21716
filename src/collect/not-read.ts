import type { Dirent } from 'node:fs'
import type { Loss } from '../model.ts'
import { isGone } from './open-file.ts'

/** A file or folder that was not read, and why. */
export type NotRead = {
  readonly path: string
  readonly reason: string
  readonly detail: string
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

/** It has the name of a log, and reading it would wait for ever or lead elsewhere. */
export function notAFile(path: string, entry: Pick<Dirent, 'isSymbolicLink' | 'isFIFO'>): NotRead {
  const what = entry.isSymbolicLink() ? 'a symbolic link' : entry.isFIFO() ? 'a FIFO' : 'a socket or a device'
  return { path, reason: 'not-a-file', detail: what }
}

import type { Dirent } from 'node:fs'
import { extname } from 'node:path'
import type { Loss } from '../model.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { NetworkMount } from './mounts.ts'
import { isGone } from './open-file.ts'

/** A file or folder that was not read, and why. */
export type NotRead = {
  readonly path: string
  readonly reason: string
  readonly detail: string
  /** How it is shown, if not by its path: for a member of a bundle. */
  readonly shown?: string
  /** The ledger has it already, with the bytes that were read before. */
  readonly isTold?: boolean
  /** The bytes that will never be read, if known. */
  readonly lost?: Pick<Loss, 'file' | 'offset' | 'length'>
  /** To be committed with that loss. */
  readonly settled?: Checkpoint
}

/** Does a name contain bytes that are not UTF-8? They were replaced when it was read, so no file has that name. */
export function isMisnamed(path: string): boolean {
  return path.includes('\ufffd') && isGone(path)
}

/** Its name contains bytes that are not UTF-8, so it cannot be opened. */
export function misnamed(path: string): NotRead {
  return { path, reason: 'unreadable', detail: 'its name is not UTF-8; rename it, and it is read' }
}

/** Looking into it would block for as long as its server does not answer. */
export function unreachable({ folder, name }: NetworkMount): NotRead {
  const detail = `${name} does not answer; check the file server, or detach the mount with \`umount -f -l\``
  return { path: folder, reason: 'unreachable', detail }
}

/** Its compression is not supported. */
export function unsupported(path: string): NotRead {
  const detail = `compression not supported (${extname(path)}); unpack it, or compress it with gzip`
  return { path, reason: 'unsupported', detail }
}

/** A bundle among watched logs is not opened, since nobody knows when it is complete. */
export function unopened(path: string): NotRead {
  const detail = `bundles are not watched (${extname(path)}); read it with \`dcvlens ingest FILE\``
  return { path, reason: 'unsupported', detail }
}

/** It has the name of a log, but reading it would block for ever or lead elsewhere. */
export function notAFile(path: string, entry: Pick<Dirent, 'isSymbolicLink' | 'isFIFO'>): NotRead {
  const what = entry.isSymbolicLink() ? 'a symbolic link' : entry.isFIFO() ? 'a FIFO' : 'a socket or a device'
  return { path, reason: 'not-a-file', detail: what }
}

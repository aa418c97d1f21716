import { fstatSync, lstatSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inodeOf } from './open-file.ts'

/** Does dcvlens itself write this file? What it reports while reading would be read again, endlessly. */
export type IsOwn = (path: string, inode?: string) => boolean

/** Recognises everything below the data folder, and the files to which standard output and standard error are redirected. */
export function ownOutput(data: string): IsOwn {
  const below = join(resolve(data), '/')
  const outputs = new Set([1, 2].flatMap(fileBehind))
  return (path, inode) => {
    if (path.startsWith(below)) return true
    return outputs.size > 0 && outputs.has(inode ?? inodeAt(path))
  }
}

function fileBehind(fd: number): string[] {
  try {
    const stat = fstatSync(fd)
    return stat.isFile() ? [inodeOf(stat)] : []
  } catch {
    // It is closed.
    return []
  }
}

function inodeAt(path: string): string {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat === undefined ? '' : inodeOf(stat)
}

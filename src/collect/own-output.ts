import { fstatSync, lstatSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inodeOf } from './open-file.ts'

/** Is this file written by dcvlens itself? What it says while it reads that would be read again, without end. */
export type IsOwn = (path: string, inode?: string) => boolean

/** Knows all that is below the data folder, and the files that standard output and standard error go to. */
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

import { type Dirent, readdir } from 'node:fs'
import glob from 'fast-glob'
import { errorCode } from '../errors.ts'
import type { FolderLooks } from './folder-looks.ts'
import { fixedPart } from './mounts.ts'
import { isMisnamed, misnamed, type NotRead } from './not-read.ts'
import { isGone } from './open-file.ts'

const OPTIONS = {
  dot: true,
  // A link or FIFO with the name of a log is reported, not passed over.
  onlyFiles: false,
  followSymbolicLinks: false,
  suppressErrors: true,
  baseNameMatch: false,
} as const

/** Searches for paths. The only door to fast-glob. */
export type Walk = {
  /** Existing paths that match these patterns. */
  paths(globs: readonly string[]): AsyncIterable<string>
  /** All entries of a folder, including folders, by their paths below it. */
  entries(folder: string): AsyncIterable<{ readonly path: string; readonly dirent: Dirent }>
}

/**
 * Makes a walk; a folder that cannot be read is reported once, and the folders `closed` are taken as empty. Each folder is
 * noted in `looks` before it is listed.
 */
export function createWalk(
  tell: (folder: NotRead) => void,
  closed: readonly string[] = [],
  looks?: FolderLooks,
): Walk {
  const fs = closedFolders(tell, new Set(closed), looks)
  return {
    // Without the glob's own stats: a name that cannot be looked at would silently end its search.
    paths: (globs) => {
      for (const folder of new Set(globs.map(fixedPart))) looks?.note(folder)
      // Each pattern costs time before anything is looked at, and most places exist on other machines only.
      const there = globs.filter((one) => !isGone(fixedPart(one)))
      return glob.stream(there, { ...OPTIONS, fs }) as AsyncIterable<string>
    },
    entries: (cwd) => {
      const found: unknown = glob.stream('**/*', { ...OPTIONS, fs, cwd, objectMode: true })
      return found as AsyncIterable<{ readonly path: string; readonly dirent: Dirent }>
    },
  }
}

/** What these codes say ends with a change that the folder, or the one above it, shows. */
const SHOWN: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'])

type ReadDone = (error: unknown, entries: unknown) => void

/** The glob silently passes over a folder that it cannot read; this reports each one once. */
function closedFolders(
  tell: (folder: NotRead) => void,
  closed: ReadonlySet<string>,
  looks: FolderLooks | undefined,
) {
  const told = new Set<string>()
  // With stats, the glob asks for names alone, so there are no options between path and callback.
  const noting = (path: string, ...rest: [ReadDone] | [object, ReadDone]) => {
    const [options, done] = rest.length === 1 ? [{}, rest[0]] : rest
    if (closed.has(path)) return done(null, [])
    looks?.note(path)
    readdir(path, options, (error, entries) => {
      const code = errorCode(error)
      const isNews = code !== '' && !told.has(path)
      if (isNews && isMisnamed(path)) tell(misnamed(path))
      else if (isNews && code !== 'ENOENT' && code !== 'ENOTDIR')
        tell({ path, reason: 'unreadable', detail: code })
      if (code !== '') told.add(path)
      if (code !== '' && !SHOWN.has(code)) looks?.failed()
      done(error, entries)
    })
  }
  return { readdir: noting as unknown as typeof readdir }
}

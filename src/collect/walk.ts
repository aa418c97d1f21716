import { type Dirent, readdir } from 'node:fs'
import glob from 'fast-glob'
import { errorCode } from '../errors.ts'
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

/** Makes a walk; a folder that cannot be read is reported once, and the folders `closed` are taken as empty. */
export function createWalk(tell: (folder: NotRead) => void, closed: readonly string[] = []): Walk {
  const fs = closedFolders(tell, new Set(closed))
  return {
    // Without the glob's own stats: a name that cannot be looked at would silently end its search.
    paths: (globs) => {
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

type ReadDone = (error: unknown, entries: unknown) => void

/** The glob silently passes over a folder that it cannot read; this reports each one once. */
function closedFolders(tell: (folder: NotRead) => void, closed: ReadonlySet<string>) {
  const told = new Set<string>()
  // With stats, the glob asks for names alone, so there are no options between path and callback.
  const noting = (path: string, ...rest: [ReadDone] | [object, ReadDone]) => {
    const [options, done] = rest.length === 1 ? [{}, rest[0]] : rest
    if (closed.has(path)) return done(null, [])
    readdir(path, options, (error, entries) => {
      const code = errorCode(error)
      const isNews = code !== '' && !told.has(path)
      if (isNews && isMisnamed(path)) tell(misnamed(path))
      else if (isNews && code !== 'ENOENT' && code !== 'ENOTDIR')
        tell({ path, reason: 'unreadable', detail: code })
      if (code !== '') told.add(path)
      done(error, entries)
    })
  }
  return { readdir: noting as unknown as typeof readdir }
}

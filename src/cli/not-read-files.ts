import { accessSync, constants, lstatSync } from 'node:fs'
import type { NotRead } from '../collect/not-read.ts'

/** Beyond this many, files are logged once and then forgotten. */
const MOST = 10_000

/** Files and folders that the service cannot read, until they can be read again. */
export class NotReadFiles {
  readonly #files = new Map<string, NotRead>()

  note(file: NotRead): void {
    if (this.#files.size < MOST || this.#files.has(file.path)) this.#files.set(file.path, file)
  }

  /** Checks each file again, and returns those that still cannot be read. */
  now(): readonly NotRead[] {
    for (const file of this.#files.values()) if (!isStill(file)) this.#files.delete(file.path)
    return [...this.#files.values()]
  }
}

function isStill({ path, reason }: NotRead): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return false
  if (reason === 'not-a-file') return !stat.isFile()
  try {
    accessSync(path, constants.R_OK)
    return false
  } catch {
    return true
  }
}

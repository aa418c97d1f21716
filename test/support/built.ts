import { existsSync } from 'node:fs'
import { join } from 'node:path'

const DIST = join(import.meta.dirname, '..', '..', 'dist')

/** A file of the built program. */
export function built(name: string): string {
  const path = join(DIST, name)
  if (!existsSync(path)) throw new Error(`${path} is missing: build the program first (npm run build)`)
  return path
}

/** How a process ended. */
export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** What a run wrote, and how it ended. */
export type Ran = Ended & { readonly stdout: string; readonly stderr: string }

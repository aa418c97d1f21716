import type { Group } from './group.ts'
import { ownText } from './tokens.ts'

const MAX_LINES = 30_000
/** A longer line is not cached. */
const MAX_LENGTH = 1000
/** While lines are rarely repeated, one in this many is cached. */
const THRIFT = 16

/** The groups of lines that were seen before, letter by letter: most logs repeat themselves. */
export type LineCache = {
  get(line: string): Group | undefined
  keep(line: string, group: Group): void
  clear(): void
}

/** Makes a bounded cache, which caches fewer lines while few are repeated. */
export function createLineCache(): LineCache {
  const lines = new Map<string, Group>()
  let hits = 0
  let offered = 0
  let every = 1
  return {
    get(line) {
      const group = lines.get(line)
      if (group !== undefined) hits++
      return group
    },
    keep(line, group) {
      offered++
      if (line.length > MAX_LENGTH || offered % every !== 0) return
      if (lines.size >= MAX_LINES) {
        every = hits < offered / 2 ? THRIFT : 1
        hits = 0
        offered = 0
        lines.clear()
      }
      lines.set(ownText(line), group)
    },
    clear: () => lines.clear(),
  }
}

import type { Group } from './group.ts'
import { ownText } from './tokens.ts'

const MAX_LINES = 30_000
/** A longer line is not kept as a whole. */
const MAX_LENGTH = 1000
/** Of lines that are seldom seen twice, one of so many is kept. */
const THRIFT = 16

/** The group of lines that were seen before, letter by letter: most logs say the same again and again. */
export type LineCache = {
  get(line: string): Group | undefined
  keep(line: string, group: Group): void
  clear(): void
}

/** Makes a bounded cache, which keeps fewer lines where few are asked for again. */
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

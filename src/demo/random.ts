/** Values that look random and are the same for the same seed and label. */
export type Random = {
  int(from: number, to: number): number
  hex(length: number): string
  uuid(): string
  pick<T>(items: readonly T[]): T
}

/** Makes a source of values of its own per label: one scene's changes never move another's values. */
export function random(seed: number, label: string): Random {
  let state = labelHash(`${seed}/${label}`)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  const hex = (length: number): string => Array.from({ length }, () => int(0, 15).toString(16)).join('')
  return {
    int,
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${int(8, 11).toString(16)}${hex(3)}-${hex(12)}`,
    pick: <T>(items: readonly T[]): T => items[int(0, items.length - 1)] as T,
  }
}

function labelHash(label: string): number {
  let hash = 0x811c9dc5
  for (const char of label) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return hash
}

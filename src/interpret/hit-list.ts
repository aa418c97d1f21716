/** Places of needles in ascending order: by position, then by needle. */
export type HitList = {
  positions: Int32Array
  needles: Int32Array
  count: number
}

/** Makes an empty list; it grows by allocating new arrays. */
export function createHitList(): HitList {
  return { positions: new Int32Array(1024), needles: new Int32Array(1024), count: 0 }
}

/** Appends a hit, in any order. */
export function appendHit(hits: HitList, position: number, needle: number): void {
  if (hits.count === hits.positions.length) {
    hits.positions = doubled(hits.positions)
    hits.needles = doubled(hits.needles)
  }
  hits.positions[hits.count] = position
  hits.needles[hits.count++] = needle
}

/** Inserts a hit at its place; for hits that come nearly in order. */
export function insertHit(hits: HitList, position: number, needle: number): void {
  appendHit(hits, position, needle)
  const { positions, needles } = hits
  let slot = hits.count - 1
  for (; slot > 0; slot--) {
    const before = positions[slot - 1] as number
    if (before < position || (before === position && (needles[slot - 1] as number) < needle)) break
    positions[slot] = before
    needles[slot] = needles[slot - 1] as number
  }
  positions[slot] = position
  needles[slot] = needle
}

/** Sorts all hits; needles are below `needleCount`. */
export function sortHits({ positions, needles, count }: HitList, needleCount: number): void {
  const keys = new Float64Array(count)
  for (let i = 0; i < count; i++) keys[i] = (positions[i] as number) * needleCount + (needles[i] as number)
  keys.sort()
  for (let i = 0; i < count; i++) {
    const key = keys[i] as number
    positions[i] = Math.floor(key / needleCount)
    needles[i] = key % needleCount
  }
}

function doubled(old: Int32Array): Int32Array {
  const larger = new Int32Array(old.length * 2)
  larger.set(old)
  return larger
}

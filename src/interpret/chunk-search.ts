import type { RecordChunk } from '../model.ts'
import type { AnyCaseNeedle } from './byte-set.ts'
import { appendHit, createHitList, sortHits } from './hit-list.ts'
import { createPrefilter } from './prefilter.ts'
import type { RowTexts } from './row-texts.ts'

/** Places of needles in a chunk, ascending; valid until the next search. */
export type FoundNeedles = {
  readonly positions: Int32Array
  readonly needles: Int32Array
  readonly count: number
}

/** Makes the search for needles in chunks, and then for those of `anyCase`. */
export function createChunkSearch(needles: readonly string[], anyCase: readonly AnyCaseNeedle[]) {
  const prefilter = createPrefilter(needles, anyCase)
  const merged = createHitList()

  /**
   * Needles in the bytes, and those that only appear in repaired texts (colour codes may split a word); the latter are placed
   * where their texts begin.
   */
  return (chunk: RecordChunk, { textBegin, replaced }: RowTexts): FoundNeedles => {
    const inBytes = prefilter.scan(chunk.bytes, chunk.used)
    if (replaced.size === 0) return foundIn(prefilter, inBytes)
    merged.count = 0
    for (let hit = 0; hit < inBytes; hit++) {
      appendHit(merged, prefilter.positions[hit] as number, prefilter.needles[hit] as number)
    }
    const rows = [...replaced.keys()]
    const texts = rows.map((row) => Buffer.from(`\n${replaced.get(row)}\n`))
    const inTexts = prefilter.scan(
      Buffer.concat(texts),
      texts.reduce((sum, text) => sum + text.length, 0),
    )
    let index = 0
    let end = texts[0]?.length ?? 0
    for (let hit = 0; hit < inTexts; hit++) {
      while ((prefilter.positions[hit] as number) >= end) end += texts[++index]?.length ?? 1
      appendHit(merged, textBegin[rows[index] as number] as number, prefilter.needles[hit] as number)
    }
    sortHits(merged, needles.length + anyCase.length)
    return foundIn(merged, merged.count)
  }
}

function foundIn(
  { positions, needles }: { readonly positions: Int32Array; readonly needles: Int32Array },
  count: number,
): FoundNeedles {
  return { positions, needles, count }
}

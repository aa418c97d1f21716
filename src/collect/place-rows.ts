import { RecordFlag } from '../model.ts'
import { utf16Bytes } from './encoding.ts'
import type { Gap } from './unfinished.ts'
import { reserveRows, type Workspace } from './workspace.ts'

export type Placing = {
  /** The offset in the file at which the bytes begin. */
  readonly offset: number
  /** Is the text the UTF-8 form of a UTF-16 file? */
  readonly isWide: boolean
  /** Bytes of the file that are missing from the text. */
  readonly gap: Gap
  /** Longest text of a record. */
  readonly maxBytes: number
}

/**
 * Gives each record cut from `text` its place in the file, and shortens texts that are too long. Returns the number of raw
 * bytes consumed.
 */
export function placeRows(
  text: Buffer,
  { offset: start, isWide, gap, maxBytes }: Placing,
  workspace: Workspace,
): number {
  reserveRows(workspace)
  const { cuts, offset, length } = workspace
  let from = 0
  let rawAt = 0
  let fileAt = start
  for (let i = 0; i < cuts.count; i++) {
    const to = cuts.spanEnd[i] ?? 0
    const rawTo = isWide ? rawAt + utf16Bytes(text, from, to) : to
    const hasGap = gap.size > 0 && rawAt < gap.at && rawTo >= gap.at
    const size = rawTo - rawAt + (hasGap ? gap.size : 0)
    offset[i] = fileAt
    length[i] = size
    if (hasGap) cuts.flags[i] = (cuts.flags[i] ?? 0) | RecordFlag.cut
    shorten(text, i, maxBytes, workspace)
    from = to
    rawAt = rawTo
    fileAt += size
  }
  return rawAt
}

/** Never cuts within a UTF-8 character. */
function shorten(text: Buffer, row: number, maxBytes: number, { cuts }: Workspace): void {
  let end = (cuts.begin[row] ?? 0) + maxBytes
  if ((cuts.end[row] ?? 0) <= end) return
  while (end > 0 && ((text[end] ?? 0) & 0xc0) === 0x80) end--
  cuts.end[row] = end
  cuts.flags[row] = (cuts.flags[row] ?? 0) | RecordFlag.cut
}

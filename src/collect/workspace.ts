import { type Cuts, emptyCuts } from './cuts.ts'
import { transcodedSize } from './encoding.ts'

/**
 * Buffers that all files share, one chunk at a time. Between chunks a file keeps only the bytes of its unfinished record, so
 * that ten thousand watched files cost no more memory than one.
 */
export type Workspace = {
  /** Bytes as they are in the file. */
  raw: Buffer
  /** UTF-8 of files in another encoding. */
  text: Buffer
  readonly cuts: Cuts
  offset: Float64Array
  length: Float64Array
}

/** Makes buffers for `bytes` raw bytes and some records; all of them grow when more is needed. */
export function createWorkspace(bytes: number): Workspace {
  return {
    raw: alignedBuffer(bytes),
    text: Buffer.alloc(0),
    cuts: emptyCuts(),
    offset: new Float64Array(4096),
    length: new Float64Array(4096),
  }
}

/** Makes room for `bytes` raw bytes; the content of `raw` stays. */
export function reserveRaw(workspace: Workspace, bytes: number): void {
  if (workspace.raw.length >= bytes) return
  const larger = alignedBuffer(bytes)
  workspace.raw.copy(larger)
  workspace.raw = larger
}

/** Makes room for the UTF-8 of `bytes` raw bytes. */
export function reserveText(workspace: Workspace, bytes: number): void {
  if (workspace.text.length < transcodedSize(bytes)) workspace.text = alignedBuffer(transcodedSize(bytes))
}

/** Makes room for the offsets of as many records as there are cuts. */
export function reserveRows(workspace: Workspace): void {
  if (workspace.offset.length >= workspace.cuts.count) return
  workspace.offset = new Float64Array(workspace.cuts.begin.length)
  workspace.length = new Float64Array(workspace.cuts.begin.length)
}

/** A separate ArrayBuffer: rules are searched four bytes at a time, which needs an aligned start. */
export function alignedBuffer(bytes: number): Buffer {
  return Buffer.from(new ArrayBuffer(Math.ceil(bytes / 4) * 4))
}

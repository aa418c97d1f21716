import type { FileMemory, RecordChunk, SourceFile } from '../model.ts'

/** A chunk without records, for when there is only a loss or a new offset to report. */
export function emptyChunk(file: SourceFile, memory: FileMemory): RecordChunk {
  const [none, nowhere] = [new Int32Array(0), new Float64Array(0)]
  return {
    ...{ file, memory, mtimeMs: 0, bytes: Buffer.alloc(0), used: 0, count: 0, before: '' },
    ...{ begin: none, end: none, offset: nowhere, length: nowhere, flags: new Uint8Array(0) },
  }
}

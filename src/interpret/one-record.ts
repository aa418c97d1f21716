import type { RecordChunk } from '../model.ts'

/** Where a record without a file is taken to come from. */
export type RecordPlace = { readonly source: string; readonly profile: string; readonly format: string }

/** A chunk that contains one record, as if it were a whole file; for lines that people ask about. */
export function oneRecord(text: string, { source, profile, format }: RecordPlace): RecordChunk {
  const bytes = Buffer.from(`${text}\n`)
  const identity = { cluster: '', owner: '', session: '', sessionUuid: '', host: '' }
  return {
    file: { identity, profile, source, format, fileId: '', generation: 0, path: '', zone: 'UTC' },
    bytes,
    used: bytes.length,
    count: 1,
    begin: Int32Array.of(0),
    end: Int32Array.of(bytes.length - 1),
    offset: Float64Array.of(0),
    length: Float64Array.of(bytes.length),
    flags: new Uint8Array(1),
    before: '',
    mtimeMs: 0,
    memory: { ts: 0, tsQuality: 0, windows: {} },
  }
}

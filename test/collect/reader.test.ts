import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hold } from '../../src/collect/assemble.ts'
import { Reader, type ReaderState } from '../../src/collect/reader.ts'
import { createWorkspace } from '../../src/collect/workspace.ts'
import { type Framing, RecordFlag, type SourceFile } from '../../src/model.ts'
import { tilingFaults } from '../support/tiling.ts'

const framing: Framing = { startsRecord: () => false, strays: 'own', blocks: ['traceback'] }
const file: SourceFile = {
  identity: { cluster: '', owner: '', session: '', sessionUuid: '', host: '' },
  profile: '',
  source: 'generic',
  format: 'plain',
  fileId: '00',
  generation: 0,
  path: '/x.log',
  zone: 'UTC',
}

type Row = { text: string; offset: number; length: number; flags: number }
type Piece = { readonly bytes: Buffer; readonly hold?: Hold }

function readerAt(
  state: ReaderState,
  maxRecordBytes: number,
  { before = '', workspace = createWorkspace(64) } = {},
): Reader {
  const empty = Buffer.alloc(0)
  const memory = { ts: 0, tsQuality: 0, windows: {} }
  return new Reader(
    file,
    framing,
    { ...state, memory, before, head: empty, guard: empty },
    { limits: { maxRecordBytes }, workspace },
  )
}

function feed(reader: Reader, piece: Piece): Row[] {
  piece.bytes.copy(reader.room(piece.bytes.length))
  const rows: Row[] = []
  let chunk = reader.take(piece.bytes.length, piece.hold ?? 'record', { mtimeMs: 0 })
  for (; chunk; chunk = reader.take(0, piece.hold ?? 'record', { mtimeMs: 0 })) {
    for (let i = 0; i < chunk.count; i++) {
      const text = chunk.bytes.toString('utf8', chunk.begin[i], chunk.end[i])
      rows.push({
        text,
        offset: chunk.offset[i] ?? 0,
        length: chunk.length[i] ?? 0,
        flags: chunk.flags[i] ?? 0,
      })
    }
    reader.room(0)
  }
  return rows
}

function read(pieces: readonly Piece[], maxRecordBytes = 1 << 20): { rows: Row[]; reader: Reader } {
  const reader = readerAt({ offset: 0 }, maxRecordBytes)
  const rows = [...pieces, { bytes: Buffer.alloc(0), hold: 'nothing' as const }].flatMap((piece) =>
    feed(reader, piece),
  )
  return { rows, reader }
}

function split(bytes: Buffer, at: readonly number[]): Piece[] {
  const ends = [...at].sort((a, b) => a - b)
  return [...ends, bytes.length].map((end, i) => ({ bytes: bytes.subarray(ends[i - 1] ?? 0, end) }))
}

function utf16(text: string, order: 'le' | 'be' = 'le'): Buffer {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
  return order === 'le' ? bytes : bytes.swap16()
}

/** The text that a row's bytes stand for, by themselves. */
function decoded(bytes: Buffer, order: 'le' | 'be' | undefined): string {
  return new TextDecoder(order === undefined ? 'utf-8' : `utf-16${order}`).decode(bytes)
}

describe('offsets', () => {
  it('are bytes of the file: a BOM and blank lines belong to the record they touch', () => {
    const { rows } = read([{ bytes: Buffer.from('\ufeffé\n\r\nb') }])
    expect(rows).toMatchObject([
      { text: 'é', offset: 0, length: 8 },
      { text: 'b', offset: 8, length: 1 },
    ])
  })

  it.each(['le', 'be'] as const)('count UTF-16%s units, surrogate pairs and CRLF included', (order) => {
    const { rows, reader } = read([{ bytes: utf16('aé\r\n😀x\r\n', order) }])
    expect(rows).toMatchObject([
      { text: 'aé', offset: 0, length: 10 },
      { text: '😀x', offset: 10, length: 10 },
    ])
    expect(reader.state).toMatchObject({ offset: 20, encoding: `utf-16${order}` })
  })

  it('know UTF-16LE without a BOM', () => {
    expect(read([{ bytes: Buffer.from('ab\nc\n', 'utf16le') }]).rows).toMatchObject([
      { text: 'ab' },
      { text: 'c' },
    ])
  })

  it('R20: survive any way the bytes arrive, and any silence between them (within characters, too)', () => {
    const contents = fc
      .array(fc.constantFrom('a', '\n', '\r\n', '😀', 'é', '€'), { maxLength: 40 })
      .map((c) => `ab${c.join('')}`)
    const cuts = fc.array(fc.record({ at: fc.nat(100), isSilent: fc.boolean() }), { maxLength: 8 })
    const orders = fc.constantFrom('le' as const, 'be' as const, undefined)
    fc.assert(
      fc.property(contents, cuts, orders, (text, all, order) => {
        const bytes = order === undefined ? Buffer.from(text) : utf16(text, order)
        const within = all.filter(({ at }) => at <= bytes.length).sort((a, b) => a.at - b.at)
        const ends = within.map(({ at }) => at)
        expect(read(split(bytes, ends)).rows).toEqual(read([{ bytes }]).rows)
        // A byte alone shows no encoding.
        const isSilent = (i: number) =>
          within[i]?.isSilent === true && (order === undefined || within[i].at !== 1)
        const pieces = split(bytes, ends).map((piece, i) =>
          isSilent(i) ? { ...piece, hold: 'character' as const } : piece,
        )
        const { rows } = read(pieces)
        expect(tilingFaults(rows, bytes.length)).toEqual([])
        const texts = rows.map(({ offset, length }) =>
          decoded(bytes.subarray(offset, offset + length), order),
        )
        const withoutEnds = (one: string) => one.replace(/^[\r\n]+|[\r\n]+$/g, '')
        expect(rows.map((row) => withoutEnds(row.text))).toEqual(texts.map(withoutEnds))
        expect(texts.join('')).toBe(text)
      }),
      { numRuns: 500 },
    )
  })
})

describe('R19: over-long lines', () => {
  it('keep their beginning and their whole length, and the next line arrives', () => {
    const bytes = Buffer.from(`first\n${'x'.repeat(1000)}\nnext\nlast\n`)
    for (const step of [1, 7, 64, 2000]) {
      const at = Array.from({ length: Math.floor(bytes.length / step) }, (_, i) => i * step)
      const reader = readerAt({ offset: 0 }, 100)
      // No silence flushes anything: the last line may still be joined by blank ones.
      expect(split(bytes, at).flatMap((piece) => feed(reader, piece))).toEqual([
        { text: 'first', offset: 0, length: 6, flags: 0 },
        { text: 'x'.repeat(100), offset: 6, length: 1001, flags: RecordFlag.cut },
        { text: 'next', offset: 1007, length: 5, flags: 0 },
      ])
    }
  })

  it('take no more memory than what is kept of them and one piece', () => {
    const workspace = createWorkspace(64)
    const reader = readerAt({ offset: 0 }, 1000, { workspace })
    const piece = { bytes: Buffer.alloc(1000, 'x') }
    for (let i = 0; i < 1000; i++) expect(feed(reader, piece)).toEqual([])
    expect(reader.pending).toBe(1_000_000)
    expect(workspace.raw.length).toBeLessThan(3000)
    expect(feed(reader, { bytes: Buffer.from('\nnext\nlast\n') })).toMatchObject([
      { length: 1_000_001 },
      { text: 'next' },
    ])
  })

  it.each(['le', 'be'] as const)('tile the file in UTF-16%s too, in any pieces', (order) => {
    // Between these two letters stand the bytes of a newline.
    const bytes = utf16(`a\n${'\u0a61\u6100'.repeat(150)}\nb\n`, order)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 10 }), (at) => {
        const { rows } = read(split(bytes, at), 64)
        expect(rows.map((row) => row.length)).toEqual([6, 602, 4])
        expect(rows[1]?.flags).toBe(RecordFlag.cut)
      }),
    )
  })
})

describe('a record flushed by time', () => {
  it('goes on in a continued row, in the same reader or after a restart', () => {
    const first = readerAt({ offset: 0 }, 100)
    expect(feed(first, { bytes: Buffer.from('pass'), hold: 'nothing' })).toMatchObject([
      { text: 'pass', offset: 0 },
    ])
    const again = readerAt(JSON.parse(JSON.stringify(first.state)) as ReaderState, 100, { before: 'pass' })
    for (const reader of [first, again]) {
      Buffer.from('word\nx\n').copy(reader.room(7))
      const chunk = reader.take(7, 'record', { mtimeMs: 0 })
      expect(chunk).toMatchObject({ count: 1, before: 'pass' })
      expect(chunk?.flags[0]).toBe(RecordFlag.continued)
      expect(chunk?.offset[0]).toBe(4)
    }
  })

  it('remembers first and last bytes in rows, for the identity of the file', () => {
    const text = Array.from({ length: 500 }, (_, i) => `line ${i}`).join('\n')
    const { reader } = read(split(Buffer.from(text), [10, 500, 1500]))
    expect(reader.marks.head.toString()).toBe(text.slice(0, 1024))
    expect(reader.marks.guard.toString()).toBe(text.slice(-64))
  })
})

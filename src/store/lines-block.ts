import { type InterpretedChunk, LEVELS, RecordFlag } from '../model.ts'
import {
  ByteSink,
  columnHead,
  constantWord,
  Dictionary,
  lowCardinality,
  putUint64,
  raw,
  repeat,
} from './native.ts'
import { FILE_COLUMNS, RECORD_TYPES } from './row-columns.ts'

/** What all rows of a batch have in common. */
export type BatchStamp = { readonly batch: string; readonly ingestedMs: number }

const START_ROWS = 4096
const START_BYTES = 64 * 1024
/**
 * A block is handed out at this size, so that building a batch needs little memory. What is much larger costs more than itself:
 * once so much was freed, the allocator keeps blocks of that size for itself.
 */
const BLOCK_ROWS = 16384
const BLOCK_BYTES = 2 * 1024 * 1024

/** Rows of `lines` as columns, built chunk by chunk and handed out as blocks in Native format. */
export class LinesBlock {
  rows = 0
  #capacity = START_ROWS
  readonly #ts = new Column((n) => new Uint32Array(n * 2))
  readonly #quality = new Column((n) => new Uint8Array(n))
  readonly #generation = new Column((n) => new Uint32Array(n))
  readonly #offset = new Column((n) => new Uint32Array(n * 2))
  readonly #length = new Column((n) => new Uint32Array(n * 2))
  readonly #continued = new Column((n) => new Uint8Array(n))
  readonly #level = new Column((n) => new Uint32Array(n))
  readonly #component = new Column((n) => new Uint32Array(n))
  readonly #components = new Dictionary()
  readonly #files = FILE_COLUMNS.map(() => new Column((n) => new Uint32Array(n)))
  readonly #fileWords = FILE_COLUMNS.map(() => new Dictionary())
  readonly #head = new ByteSink(START_BYTES)
  readonly #message = new ByteSink(START_BYTES)

  append(chunk: InterpretedChunk): void {
    const from = this.rows
    if (from === 0) this.#message.size = 0
    const to = from + chunk.records.count
    this.#reserve(to)
    this.#appendFile(chunk, from, to)
    this.#appendColumns(chunk, from)
    this.#appendMessages(chunk)
    this.rows = to
  }

  get isFull(): boolean {
    return this.rows >= BLOCK_ROWS || this.#message.size >= BLOCK_BYTES
  }

  /** Returns the rows so far as one block, valid until the next chunk is appended, and starts a new one. */
  take(stamp: BatchStamp): Buffer[] {
    const { rows } = this
    const head = this.#head
    head.size = 0
    head.varint(STAMP_COLUMNS + FILE_COLUMNS.length + Object.keys(RECORD_TYPES).length)
    head.varint(rows)
    putStamp(head, stamp, rows)
    columnHead(head, 'ts', RECORD_TYPES.ts)
    raw(head, this.#ts.values.subarray(0, rows * 2))
    columnHead(head, 'ts_quality', RECORD_TYPES.ts_quality)
    raw(head, this.#quality.values.subarray(0, rows))
    FILE_COLUMNS.forEach(([name], i) => {
      const { values } = this.#files[i] as Column<Uint32Array>
      putWords(head, name, this.#fileWords[i] as Dictionary, values.subarray(0, rows))
    })
    columnHead(head, 'generation', RECORD_TYPES.generation)
    raw(head, this.#generation.values.subarray(0, rows))
    columnHead(head, 'offset', RECORD_TYPES.offset)
    raw(head, this.#offset.values.subarray(0, rows * 2))
    columnHead(head, 'length', RECORD_TYPES.length)
    raw(head, this.#length.values.subarray(0, rows * 2))
    columnHead(head, 'continued', RECORD_TYPES.continued)
    raw(head, this.#continued.values.subarray(0, rows))
    columnHead(head, 'level', RECORD_TYPES.level)
    lowCardinality(head, LEVELS, LEVELS.length, this.#level.values.subarray(0, rows))
    putWords(head, 'component', this.#components, this.#component.values.subarray(0, rows))
    columnHead(head, 'message', RECORD_TYPES.message)
    this.rows = 0
    return [head.view(), this.#message.view()]
  }

  #appendFile({ records: { file }, files }: InterpretedChunk, from: number, to: number): void {
    FILE_COLUMNS.forEach(([, read], i) => {
      const { values } = this.#files[i] as Column<Uint32Array>
      const words = this.#fileWords[i] as Dictionary
      if (files === undefined) values.fill(words.indexOf(read(file)), from, to)
      else for (let row = from; row < to; row++) values[row] = words.indexOf(read(files[row - from] ?? file))
    })
    this.#generation.values.fill(file.generation, from, to)
  }

  #appendColumns(chunk: InterpretedChunk, from: number): void {
    const { records } = chunk
    const words = chunk.components.map((word) => this.#components.indexOf(word))
    const ts = this.#ts.values
    const offset = this.#offset.values
    const length = this.#length.values
    const continued = this.#continued.values
    const component = this.#component.values
    for (let i = 0, row = from; i < records.count; i++, row++) {
      putUint64(ts, row, chunk.ts[i] as number)
      putUint64(offset, row, records.offset[i] as number)
      putUint64(length, row, records.length[i] as number)
      continued[row] = (records.flags[i] as number) & RecordFlag.continued
      component[row] = words[chunk.component[i] as number] as number
    }
    this.#quality.values.set(chunk.tsQuality.subarray(0, records.count), from)
    this.#level.values.set(chunk.level.subarray(0, records.count), from)
  }

  #appendMessages(chunk: InterpretedChunk): void {
    const { records, textBegin, textEnd, replaced } = chunk
    const { bytes } = records
    for (let i = 0; i < records.count; i++) {
      const other = replaced.size > 0 ? replaced.get(i) : undefined
      if (other === undefined) this.#message.slice(bytes, textBegin[i] as number, textEnd[i] as number)
      else this.#message.string(other)
    }
  }

  /** Gives back the room that large blocks took; to be called when no rows are held. */
  trim(): void {
    if (this.#capacity === START_ROWS) return
    this.#capacity = START_ROWS
    for (const column of this.#columns) column.clear()
    for (const sink of [this.#head, this.#message]) sink.clear()
  }

  #reserve(rows: number): void {
    while (rows > this.#capacity) this.#capacity *= 2
    for (const column of this.#columns) column.reserve(this.#capacity)
  }

  get #columns(): readonly Pick<Column<Uint8Array>, 'reserve' | 'clear'>[] {
    const fixed = [this.#ts, this.#quality, this.#generation, this.#offset, this.#length, this.#continued]
    return [...fixed, this.#level, this.#component, ...this.#files]
  }
}

/** A growing column; `values` has room for what was reserved. */
class Column<T extends Uint8Array | Uint32Array> {
  values: T
  readonly #make: (rows: number) => T
  #rows = 0

  constructor(make: (rows: number) => T) {
    this.#make = make
    this.values = make(0)
  }

  reserve(rows: number): void {
    if (rows <= this.#rows) return
    const larger = this.#make(rows)
    larger.set(this.values)
    this.values = larger
    this.#rows = rows
  }

  clear(): void {
    this.values = this.#make(0)
    this.#rows = 0
  }
}

const STAMP_COLUMNS = 2

/** The columns `batch` and `ingested_at`, one value for all rows. */
function putStamp(sink: ByteSink, stamp: BatchStamp, rows: number): void {
  columnHead(sink, 'batch', 'LowCardinality(String)')
  constantWord(sink, stamp.batch, rows)
  columnHead(sink, 'ingested_at', "DateTime64(3, 'UTC')")
  const time = Buffer.alloc(8)
  time.writeBigInt64LE(BigInt(stamp.ingestedMs))
  repeat(sink, time, rows)
}

/** Writes a column of words, of which `indexes` has one for each row; empties the dictionary for the next block. */
function putWords(sink: ByteSink, name: string, words: Dictionary, indexes: Uint32Array): void {
  columnHead(sink, name, 'LowCardinality(String)')
  lowCardinality(sink, words.words, words.size, indexes)
  words.clear()
}

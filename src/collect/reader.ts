import type { FileMemory, Framing, RecordChunk, SourceFile } from '../model.ts'
import { cutRecords, type Hold } from './assemble.ts'
import type { OpenRecord } from './cuts.ts'
import { Decoding } from './decoding.ts'
import type { Encoding } from './encoding.ts'
import { bomBytes } from './encoding.ts'
import { FileMarks } from './file-marks.ts'
import { OpenEnd } from './open-end.ts'
import { placeRows } from './place-rows.ts'
import { Unfinished } from './unfinished.ts'
import { reserveRaw, type Workspace } from './workspace.ts'

/** What the reader must remember about a file; kept in the checkpoint. Plain JSON. */
export type ReaderState = {
  /** Bytes of the file that are in rows. */
  readonly offset: number
  readonly encoding?: Encoding | undefined
  readonly open?: OpenRecord | undefined
  /** Where the text of the open record begins. */
  readonly openFrom?: number | undefined
}

export type ReaderLimits = {
  /** Longest text of a record; more is counted but not kept. */
  readonly maxRecordBytes: number
}

const NO_BYTES = Buffer.alloc(0)

/** Turns the bytes of one file, as they come, into chunks of records with exact offsets. */
export class Reader {
  readonly file: SourceFile
  readonly memory: FileMemory
  readonly marks: FileMarks

  #framing: Framing
  #limits: ReaderLimits
  #workspace: Workspace
  #offset: number
  #holdsWhole = false
  #holdsCharacter = false
  readonly #decoding: Decoding
  readonly #end: OpenEnd
  readonly #unfinished = new Unfinished()

  constructor(
    file: SourceFile,
    framing: Framing,
    start: ReaderState & {
      readonly memory: FileMemory
      readonly before: string
      head: Buffer
      guard: Buffer
    },
    options: { readonly limits: ReaderLimits; readonly workspace: Workspace },
  ) {
    this.file = file
    this.memory = start.memory
    this.marks = new FileMarks(start)
    this.#framing = framing
    this.#limits = options.limits
    this.#workspace = options.workspace
    this.#offset = start.offset
    this.#decoding = new Decoding(start.encoding)
    this.#end = new OpenEnd(start.open, start.openFrom ?? start.offset, start.before)
  }

  /** The offset from which the next bytes must be read. */
  get position(): number {
    return this.#offset + this.#unfinished.length
  }

  /** Bytes that were read but are in no row yet. */
  get pending(): number {
    return this.#unfinished.length
  }

  /** Does it hold back a record that waits for nothing but blank lines? */
  get holdsWhole(): boolean {
    return this.#holdsWhole
  }

  /** Is all that it holds back a character of which some bytes are missing? */
  get holdsCharacter(): boolean {
    return this.#holdsCharacter && this.pending > 0
  }

  get state(): ReaderState {
    const { record: open, from } = this.#end
    // Always the same keys: there is one of these for each of very many files, and what is added to an object is kept apart.
    return {
      offset: this.#offset,
      encoding: this.#decoding.known,
      open,
      openFrom: open === undefined ? undefined : from,
    }
  }

  /** The minimum number of bytes per character; `bytes` are the next ones. */
  unit(bytes: Buffer): 1 | 2 {
    return this.#decoding.unit(this.#unfinished.bytes, bytes)
  }

  /** Room for `size` bytes that follow those read before; valid until `take`. */
  room(size: number): Buffer {
    const { bytes } = this.#unfinished
    reserveRaw(this.#workspace, bytes.length + size)
    bytes.copy(this.#workspace.raw)
    return this.#workspace.raw.subarray(bytes.length, bytes.length + size)
  }

  /** Takes the first `size` bytes in `room`; returns the records that they complete, if any. */
  take(
    size: number,
    hold: Hold,
    when: { readonly mtimeMs: number; readonly observedMs?: number },
  ): RecordChunk | undefined {
    const { raw } = this.#workspace
    const kept = this.#unfinished.bytes.length
    this.#holdsWhole = false
    this.#holdsCharacter = hold === 'character'
    this.marks.read(raw.subarray(kept, kept + size))
    const used = this.#unfinished.skipOverLong(raw, kept + size, this.#decoding.assumed, hold)
    if (used === undefined) return undefined
    if (!this.#decoding.recognise(raw.subarray(0, used), hold)) {
      this.#unfinished.keep(raw.subarray(0, used), false)
      return undefined
    }
    const { maxRecordBytes } = this.#limits
    let chunk = this.#cut(used, hold, when)
    if (chunk === undefined && used > maxRecordBytes) {
      chunk = this.#cut(used, hold === 'record' ? 'line' : hold, when)
      if (chunk === undefined) this.#unfinished.dropTail(maxRecordBytes, this.#decoding.assumed)
    }
    return chunk
  }

  /** Continues at `position`: what is before it and in no row is a hole. A new record begins there. */
  skipTo(position: number): void {
    this.marks.skipped(this.#offset, position)
    this.#offset = position
    this.#unfinished.keep(NO_BYTES, true)
    this.#end.close()
  }

  #cut(used: number, hold: Hold, when: { mtimeMs: number; observedMs?: number }): RecordChunk | undefined {
    const { cuts } = this.#workspace
    const text = this.#decoding.text(this.#workspace, used, hold)
    const { maxRecordBytes: maxBytes } = this.#limits
    cutRecords(
      text,
      {
        framing: this.#framing,
        open: this.#end.record,
        hold,
        maxBytes,
        skip: this.#offset === 0 ? bomBytes(text) : 0,
      },
      cuts,
    )
    this.#holdsWhole = cuts.holdsWhole
    const { before } = this.#end
    const consumed = placeRows(
      text,
      { offset: this.#offset, isWide: this.#decoding.known !== 'utf-8', gap: this.#unfinished.gap, maxBytes },
      this.#workspace,
    )
    this.#keep(used, consumed, text)
    if (cuts.count === 0) return undefined
    const { begin, end, flags, count } = cuts
    const { offset, length } = this.#workspace
    return {
      file: this.file,
      bytes: text,
      used: text.length,
      count,
      begin,
      end,
      offset,
      length,
      flags,
      before,
      ...when,
      memory: this.memory,
    }
  }

  /** Moves the offset past what is in rows and keeps the rest for the next chunk. */
  #keep(used: number, consumed: number, text: Buffer): void {
    const { raw } = this.#workspace
    this.#end.take(text, this.#workspace)
    if (consumed > 0) {
      const { gap } = this.#unfinished
      this.marks.placed(raw.subarray(0, consumed), this.#offset, gap)
      this.#offset += consumed + gap.size
    }
    this.#unfinished.keep(raw.subarray(consumed, used), consumed > 0)
  }
}

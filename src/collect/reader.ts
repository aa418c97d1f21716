import { type FileMemory, type Framing, type RecordChunk, RecordFlag, type SourceFile } from '../model.ts'
import { cutRecords, type Hold, type OpenRecord } from './assemble.ts'
import {
  detectEncoding,
  ENCODING_BYTES,
  type Encoding,
  incompleteUnits,
  newlineEnd,
  transcode,
  utf16Bytes,
} from './encoding.ts'
import { reserveRaw, reserveRows, reserveText, type Workspace } from './workspace.ts'

/** What reading must remember of a file, as the checkpoint keeps it. Plain JSON. */
export type ReaderState = {
  /** Bytes of the file that are in rows. */
  readonly offset: number
  readonly encoding?: Encoding
  readonly open?: OpenRecord
  /** Where the text that the open record goes on with begins. */
  readonly openFrom?: number
}

export type ReaderLimits = {
  /** Longest text of a record; more is counted, not kept. */
  readonly maxRecordBytes: number
}

/** Text kept of an unfinished record, for what must be recognised across the cut. */
export const BEFORE_BYTES = 8192
const GUARD_BYTES = 64
const HEAD_BYTES = 1024

/** Turns the bytes of one file, as they come, into chunks of records with exact offsets. */
export class Reader {
  readonly file: SourceFile
  readonly memory: FileMemory
  /** First bytes of the file, as far as they are in rows (or were given). */
  head: Buffer
  /** Last bytes that are in rows. */
  guard: Buffer

  #framing: Framing
  #limits: ReaderLimits
  #workspace: Workspace
  #offset: number
  #encoding: Encoding | undefined
  #open: OpenRecord | undefined
  #openFrom: number
  #before: string
  #kept = Buffer.alloc(0)
  /** Bytes left out of the middle of an over-long line, after #dropAt bytes of #kept. */
  #dropped = 0
  #dropAt = 0
  /** In the middle of that line: its newline has not come yet. */
  #skipping = false

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
    this.head = start.head
    this.guard = start.guard
    this.#framing = framing
    this.#limits = options.limits
    this.#workspace = options.workspace
    this.#offset = start.offset
    this.#encoding = start.encoding
    this.#open = start.open
    this.#openFrom = start.openFrom ?? start.offset
    this.#before = start.before
  }

  /** Where in the file the next bytes must be read. */
  get position(): number {
    return this.#offset + this.#kept.length + this.#dropped
  }

  /** Bytes read but in no row yet. */
  get pending(): number {
    return this.#kept.length + this.#dropped
  }

  get state(): ReaderState {
    return {
      offset: this.#offset,
      ...(this.#encoding === undefined ? {} : { encoding: this.#encoding }),
      ...(this.#open === undefined ? {} : { open: this.#open, openFrom: this.#openFrom }),
    }
  }

  /** Room for `size` bytes that follow what was read before; valid until `take`. */
  room(size: number): Buffer {
    reserveRaw(this.#workspace, this.#kept.length + size)
    this.#kept.copy(this.#workspace.raw)
    return this.#workspace.raw.subarray(this.#kept.length, this.#kept.length + size)
  }

  /** Takes the first `size` bytes that were put into `room`, and gives the records that they complete, if any. */
  take(
    size: number,
    hold: Hold,
    when: { readonly mtimeMs: number; readonly observedMs?: number },
  ): RecordChunk | undefined {
    const used = this.#skipOverLong(size, hold)
    if (used === undefined || !this.#knowsEncoding(used, hold)) return undefined
    let chunk = this.#cut(used, hold, when)
    if (chunk === undefined && used > this.#limits.maxRecordBytes) {
      chunk = this.#cut(used, hold === 'record' ? 'line' : hold, when)
      if (chunk === undefined) this.#dropTail()
    }
    return chunk
  }

  /** In the middle of an over-long line bytes are only counted, until its newline comes. Gives the bytes in use. */
  #skipOverLong(size: number, hold: Hold): number | undefined {
    const used = this.#kept.length + size
    if (!this.#skipping) return used
    const { raw } = this.#workspace
    const end = newlineEnd(raw.subarray(0, used), this.#dropAt, this.#encoding ?? 'utf-8')
    const unit = this.#encoding === 'utf-8' ? 1 : 2
    const dropTo = end < 0 ? used - (used % unit) : end - unit
    this.#dropped += dropTo - this.#dropAt
    raw.copy(raw, this.#dropAt, dropTo, used)
    const left = used - (dropTo - this.#dropAt)
    this.#skipping = end < 0 && hold !== 'nothing'
    if (!this.#skipping) return left
    this.#kept = Buffer.concat([this.#kept.subarray(0, this.#dropAt), raw.subarray(this.#dropAt, left)])
    return undefined
  }

  #knowsEncoding(used: number, hold: Hold): boolean {
    if (this.#encoding !== undefined) return true
    if (used < ENCODING_BYTES && hold !== 'nothing') {
      this.#kept = Buffer.from(this.#workspace.raw.subarray(0, used))
      return false
    }
    this.#encoding = detectEncoding(this.#workspace.raw.subarray(0, used))
    return true
  }

  #cut(used: number, hold: Hold, when: { mtimeMs: number; observedMs?: number }): RecordChunk | undefined {
    const { cuts } = this.#workspace
    const text = this.#text(used)
    const { maxRecordBytes: maxBytes } = this.#limits
    cutRecords(
      text,
      {
        framing: this.#framing,
        open: this.#open,
        hold,
        maxBytes,
        skip: this.#offset === 0 ? bomBytes(text) : 0,
      },
      cuts,
    )
    const before = this.#before
    const consumed = this.#placeRows(text)
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

  /** The bytes in use as UTF-8; a unit that is cut in the middle waits. */
  #text(used: number): Buffer {
    const { raw } = this.#workspace
    if (this.#encoding === undefined || this.#encoding === 'utf-8') return raw.subarray(0, used)
    reserveText(this.#workspace, used)
    const whole = used - incompleteUnits(raw.subarray(0, used), this.#encoding)
    return this.#workspace.text.subarray(
      0,
      transcode(raw.subarray(0, whole), this.#encoding, this.#workspace.text),
    )
  }

  /** Gives each record its place in the file and cuts texts that are too long; returns the raw bytes consumed. */
  #placeRows(text: Buffer): number {
    reserveRows(this.#workspace)
    const { cuts, offset, length } = this.#workspace
    const wide = this.#encoding !== 'utf-8'
    let from = 0
    let rawAt = 0
    let fileAt = this.#offset
    for (let i = 0; i < cuts.count; i++) {
      const to = cuts.spanEnd[i] ?? 0
      const rawTo = wide ? rawAt + utf16Bytes(text, from, to) : to
      const hasGap = this.#dropped > 0 && rawAt < this.#dropAt && rawTo >= this.#dropAt
      const size = rawTo - rawAt + (hasGap ? this.#dropped : 0)
      offset[i] = fileAt
      length[i] = size
      if (hasGap) cuts.flags[i] = (cuts.flags[i] ?? 0) | RecordFlag.cut
      this.#cutText(text, i)
      from = to
      rawAt = rawTo
      fileAt += size
    }
    return rawAt
  }

  #cutText(text: Buffer, row: number): void {
    const { cuts } = this.#workspace
    let end = (cuts.begin[row] ?? 0) + this.#limits.maxRecordBytes
    if ((cuts.end[row] ?? 0) <= end) return
    while (end > 0 && ((text[end] ?? 0) & 0xc0) === 0x80) end--
    cuts.end[row] = end
    cuts.flags[row] = (cuts.flags[row] ?? 0) | RecordFlag.cut
  }

  /** Moves the offset past what is in rows and keeps the rest for the next chunk. */
  #keep(used: number, consumed: number, text: Buffer): void {
    const { raw } = this.#workspace
    this.#rememberOpen(text)
    if (consumed > 0) {
      if (this.#offset < HEAD_BYTES && this.head.length === this.#offset) {
        this.head = Buffer.concat([this.head, raw.subarray(0, Math.min(consumed, HEAD_BYTES - this.#offset))])
      }
      const gap = this.#dropped
      const whole = raw.subarray(gap > 0 ? this.#dropAt : 0, consumed)
      this.guard = Buffer.concat([gap > 0 ? Buffer.alloc(0) : this.guard, whole.subarray(-GUARD_BYTES)])
      this.guard = Buffer.from(this.guard.subarray(-GUARD_BYTES))
      this.#offset += consumed + gap
      this.#dropped = 0
      this.#dropAt = 0
    }
    this.#kept = Buffer.from(raw.subarray(consumed, used))
  }

  /** Keeps the text of a record that may go on, so that a secret cut by the flush is known by its beginning. */
  #rememberOpen(text: Buffer): void {
    const { cuts, offset } = this.#workspace
    if (cuts.open === undefined) this.#before = ''
    else if (cuts.count > 0) {
      const last = cuts.count - 1
      const goesOn =
        last === 0 && this.#open !== undefined && ((cuts.flags[0] ?? 0) & RecordFlag.continued) > 0
      const end = cuts.end[last] ?? 0
      const begin = Math.max(cuts.begin[last] ?? 0, end - BEFORE_BYTES)
      this.#before = ((goesOn ? this.#before : '') + text.toString('utf8', begin, end)).slice(-BEFORE_BYTES)
      if (!goesOn) this.#openFrom = offset[last] ?? 0
    }
    this.#open = cuts.open
  }

  /** An unfinished line that is too long: keeps its beginning (and half a unit at its end), counts the rest. */
  #dropTail(): void {
    const { length } = this.#kept
    const unit = this.#encoding === 'utf-8' ? 1 : 2
    this.#dropAt = this.#limits.maxRecordBytes - (this.#limits.maxRecordBytes % unit)
    this.#dropped = length - (length % unit) - this.#dropAt
    this.#kept = Buffer.concat([
      this.#kept.subarray(0, this.#dropAt),
      this.#kept.subarray(length - (length % unit)),
    ])
    this.#skipping = true
  }
}

function bomBytes(text: Buffer): number {
  return text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0
}

import { endsLines, type Hold } from './assemble.ts'
import {
  detectEncoding,
  ENCODING_BYTES,
  type Encoding,
  incompleteBytes,
  incompleteUnits,
  transcode,
} from './encoding.ts'
import { reserveText, type Workspace } from './workspace.ts'

/** How the bytes of one file become text: its first bytes show the encoding, which then stays. */
export class Decoding {
  #encoding: Encoding | undefined

  constructor(encoding: Encoding | undefined) {
    this.#encoding = encoding
  }

  /** Undefined until enough of the file was read. */
  get known(): Encoding | undefined {
    return this.#encoding
  }

  /** The encoding as far as anything is known. */
  get assumed(): Encoding {
    return this.#encoding ?? 'utf-8'
  }

  /** The minimum number of bytes per character; `bytes` are the next ones after those that are `kept`. */
  unit(kept: Buffer, bytes: Buffer): 1 | 2 {
    const encoding =
      this.#encoding ?? detectEncoding(Buffer.concat([kept, bytes.subarray(0, ENCODING_BYTES)]))
    return encoding === 'utf-8' ? 1 : 2
  }

  /** Is the encoding known, given these first bytes? Too few of them must wait if more may come. */
  recognise(head: Buffer, hold: Hold): boolean {
    if (this.#encoding !== undefined) return true
    if (head.length < ENCODING_BYTES && (!endsLines(hold) || head.length === 0)) return false
    this.#encoding = detectEncoding(head)
    return true
  }

  /** The first `used` raw bytes as UTF-8; an incomplete unit at the end waits, and an incomplete character if it is held. */
  text(workspace: Workspace, used: number, hold: Hold): Buffer {
    const { raw } = workspace
    if (this.#encoding === undefined || this.#encoding === 'utf-8') {
      const waiting = hold === 'character' ? incompleteBytes(raw.subarray(0, used)) : 0
      return raw.subarray(0, used - waiting)
    }
    reserveText(workspace, used)
    const whole = used - incompleteUnits(raw.subarray(0, used), this.#encoding)
    return workspace.text.subarray(0, transcode(raw.subarray(0, whole), this.#encoding, workspace.text))
  }
}

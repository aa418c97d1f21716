import { RecordFlag } from '../model.ts'
import type { OpenRecord } from './cuts.ts'
import type { Workspace } from './workspace.ts'

/** How much text of an unfinished record is kept, for recognising what spans the cut. */
export const BEFORE_BYTES = 8192

/** The last record of a file, as long as lines that are still to come may belong to it. */
export class OpenEnd {
  /** Undefined if a new record begins with the next line. */
  record: OpenRecord | undefined
  /** Where its text begins: offset in the file. */
  from: number
  /** The end of its text. */
  before: string

  constructor(record: OpenRecord | undefined, from: number, before: string) {
    this.record = record
    this.from = from
    this.before = before
  }

  /** A new record begins with the next line. */
  close(): void {
    this.record = undefined
    this.before = ''
  }

  /**
   * Takes the record that was open at the end of a chunk, with its text, so that a secret cut in two by the flush is
   * recognised by its beginning.
   */
  take(text: Buffer, { cuts, offset }: Pick<Workspace, 'cuts' | 'offset'>): void {
    if (cuts.open === undefined) this.before = ''
    else if (cuts.count > 0) {
      const last = cuts.count - 1
      const goesOn =
        last === 0 && this.record !== undefined && ((cuts.flags[0] ?? 0) & RecordFlag.continued) > 0
      // Including the newline, if the line was complete: it separates what follows.
      const end = cuts.spanEnd[last] ?? 0
      // The continuation may begin with the newline of the line before.
      const begin = Math.max(goesOn ? 0 : (cuts.begin[last] ?? 0), end - BEFORE_BYTES)
      this.before = ((goesOn ? this.before : '') + text.toString('utf8', begin, end)).slice(-BEFORE_BYTES)
      if (!goesOn) this.from = offset[last] ?? 0
    }
    this.record = cuts.open
  }
}

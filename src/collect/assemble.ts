import { type Framing, RecordFlag } from '../model.ts'
import { type BlockName, blockStep, joinsPowershell, openedBlock } from './blocks.ts'
import { type Cuts, clearCuts, growCuts, type OpenRecord, openRecord } from './cuts.ts'

/**
 * What to hold back: the last record, because more bytes may come; only an unfinished line; only a character of which some
 * bytes are missing; or nothing.
 */
export type Hold = 'record' | 'line' | 'character' | 'nothing'

/** Is an unfinished line emitted, too? */
export function endsLines(hold: Hold): boolean {
  return hold === 'character' || hold === 'nothing'
}

export type CutOptions = {
  readonly framing: Framing
  readonly open: OpenRecord | undefined
  readonly hold: Hold
  /** A record that grows beyond this is closed; what follows is `continued`. */
  readonly maxBytes: number
  /** Bytes before this are part of the first record but not of its text (a BOM). */
  readonly skip: number
}

const NEWLINE = 10
const RETURN = 13

/** The record being built, and where its text lies. */
type Draft = {
  begin: number
  end: number
  flags: number
  block: BlockName | undefined
  /** What was open where this record begins, if it continues a flushed one. */
  from: OpenRecord | undefined
}

/**
 * Cuts bytes[0, bytes.length) into records, in one pass over the newlines. Never looks at earlier bytes, so any chunking
 * gives the same records, as long as bytes that were held back are presented again.
 */
export function cutRecords(bytes: Buffer, options: CutOptions, cuts: Cuts): void {
  clearCuts(cuts)
  const draft = newDraft()
  if (options.open !== undefined) reopen(draft, options)
  let inLine = options.open?.kind === 'line'
  let at = options.skip
  for (let newline = bytes.indexOf(NEWLINE, at); newline >= 0; newline = bytes.indexOf(NEWLINE, at)) {
    const end = newline > at && bytes[newline - 1] === RETURN ? newline - 1 : newline
    takeLine(bytes, at, end, inLine, draft, options, cuts)
    inLine = false
    at = newline + 1
    if (draft.begin >= 0 && at - cuts.consumed > options.maxBytes) closeLong(draft, at, cuts)
  }
  finish(bytes, at, inLine, draft, options, cuts)
}

/** Adds a line to the current record, or starts a record with it. */
function takeLine(
  bytes: Buffer,
  at: number,
  end: number,
  inLine: boolean,
  draft: Draft,
  options: CutOptions,
  cuts: Cuts,
): void {
  if (end === at && !inLine) return
  if (draft.begin >= 0 && (inLine || joins(bytes, at, end, draft, options.framing))) {
    if (draft.end > draft.begin) draft.flags |= RecordFlag.multiline
    else draft.begin = at
    draft.end = end
  } else {
    if (draft.begin >= 0) emit(draft, at, cuts)
    begin(bytes, at, end, draft, options.framing)
  }
}

function newDraft(): Draft {
  return { begin: -1, end: -1, flags: 0, block: undefined, from: undefined }
}

function begin(bytes: Buffer, at: number, end: number, draft: Draft, framing: Framing): void {
  draft.begin = at
  draft.end = end
  draft.flags = 0
  draft.from = undefined
  draft.block = framing.blocks.length === 0 ? undefined : openedBlock(bytes, at, end, framing.blocks)
}

/** Reopens a flushed record: its next row is `continued` if the next line turns out to belong to it. */
function reopen(draft: Draft, options: CutOptions): void {
  draft.begin = options.skip
  draft.end = options.skip
  draft.flags = RecordFlag.continued
  draft.block = options.open?.block
  draft.from = options.open
}

function joins(bytes: Buffer, at: number, end: number, draft: Draft, framing: Framing): boolean {
  if (framing.startsRecord(bytes, at, end)) return false
  if (draft.block !== undefined) {
    const step = blockStep(draft.block, bytes, at, end)
    draft.block = step === 'last' || step === 'none' ? undefined : step
    if (step !== 'none') return true
  }
  if (framing.strays === 'join') return true
  return joinsPowershell(bytes, at, end) && framing.blocks.includes('powershell')
}

/** Can no line join the record, whatever it is? */
function isWhole({ block }: Draft, { strays, blocks }: Framing): boolean {
  return block === undefined && strays === 'own' && !blocks.includes('powershell')
}

/** Closes the draft at `spanEnd`; a reopened record that got no bytes leaves no row. */
function emit(draft: Draft, spanEnd: number, cuts: Cuts): void {
  const { begin, end, flags } = draft
  draft.begin = -1
  if (spanEnd === cuts.consumed) return
  if (cuts.count === cuts.begin.length) growCuts(cuts)
  const i = cuts.count++
  cuts.begin[i] = begin
  cuts.end[i] = end
  cuts.flags[i] = flags
  cuts.spanEnd[i] = spanEnd
  cuts.consumed = spanEnd
}

/** Closes a record that grew too long; what follows it is `continued`. */
function closeLong(draft: Draft, at: number, cuts: Cuts): void {
  const from = openRecord('record', draft.block)
  emit(draft, at, cuts)
  Object.assign(draft, { begin: at, end: at, flags: RecordFlag.continued, from })
}

/** Decides about the last record and the bytes after the last newline. */
function finish(
  bytes: Buffer,
  at: number,
  inLine: boolean,
  draft: Draft,
  options: CutOptions,
  cuts: Cuts,
): void {
  const tail = at < bytes.length
  if (endsLines(options.hold) && tail) {
    takeLine(bytes, at, bytes.length, inLine, draft, options, cuts)
    cuts.open = openRecord('line', draft.block)
    emit(draft, bytes.length, cuts)
  } else if (options.hold === 'record' || at === cuts.consumed) {
    cuts.open = draft.begin >= 0 ? draft.from : undefined
    cuts.holdsWhole = draft.begin >= 0 && at > cuts.consumed && isWhole(draft, options.framing)
  } else if (draft.begin >= 0) {
    cuts.open = openRecord('record', draft.block)
    emit(draft, at, cuts)
  } else if (!tail) {
    emit({ ...newDraft(), begin: at, end: at }, at, cuts)
  }
}

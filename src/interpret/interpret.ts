import { isUtf8 } from 'node:buffer'
import {
  type InterpretedChunk,
  type Loss,
  type LossReason,
  type RecordChunk,
  RecordFlag,
  type RowVerdict,
} from '../model.ts'
import type { Classifier, FileClassifier } from './classify.ts'
import { cleanText, needsCleaning } from './clean.ts'
import { ComponentTable } from './component-table.ts'
import { FAILURE_NEEDLES } from './failure-needles.ts'
import { emptyHead, type Format, type Head } from './format.ts'
import { createPrefilter, type Prefilter } from './prefilter.ts'
import { leadsAcross, SECRET_NEEDLES } from './redact.ts'
import {
  REDACTED,
  type RowTexts,
  redactAcross,
  redactAt,
  redactKeyBodies,
  redactUntold,
  textOf,
} from './redact-rows.ts'
import { isEcho } from './rule.ts'
import { unexplained } from './unexplained.ts'
import { type Zone, zone } from './zone.ts'

export type Interpret = (chunk: RecordChunk) => InterpretedChunk

export type InterpretOptions = {
  readonly formats: ReadonlyMap<string, Format>
  readonly classifier: Classifier
}

const PARSED = 1
const INHERITED = 2
const OBSERVED = 3
const MTIME = 4
const NEWLINE = 10
const PLUS = 43
/** What makes the messages of a chunk worth a closer look: NUL, bell, backspace, CR, ESC, DEL and the one-character CSI. */
const CONTROLS = [0, 7, 8, 13, 27, 127, Buffer.from('\u009b')]

/**
 * Makes the function that gives records their meaning: time, level, component, message without secrets, and what the rules
 * say of them. Its arrays are reused: a result is valid until the next call. Pure but for `chunk.memory`.
 */
export function createInterpreter({ formats, classifier }: InterpretOptions): Interpret {
  const needles = [...SECRET_NEEDLES, ...FAILURE_NEEDLES, ...classifier.needles]
  const state: State = {
    prefilter: createPrefilter(needles),
    base: SECRET_NEEDLES.length + FAILURE_NEEDLES.length,
    columns: newColumns(4096),
    components: new ComponentTable(),
    head: emptyHead(),
    replaced: new Map(),
    across: new Set(),
    zones: new Map(),
    classifiers: new Map(),
  }
  return (chunk) => interpretChunk(chunk, formats, classifier, state)
}

type Columns = {
  ts: Float64Array
  tsQuality: Uint8Array
  level: Uint8Array
  component: Uint16Array
  textBegin: Int32Array
  textEnd: Int32Array
  /** 1 for a record with a word of failures. */
  suspect: Uint8Array
}

type State = {
  readonly prefilter: Prefilter
  /** Index of the classifier's first needle among those of the prefilter. */
  readonly base: number
  columns: Columns
  readonly components: ComponentTable
  readonly head: Head
  readonly replaced: Map<number, string>
  /** Rows with a word whose secret the rows around it tell, or that speaks of the rows below it. */
  readonly across: Set<number>
  readonly zones: Map<string, Zone>
  readonly classifiers: Map<string, FileClassifier>
}

function interpretChunk(
  chunk: RecordChunk,
  formats: ReadonlyMap<string, Format>,
  classifier: Classifier,
  state: State,
): InterpretedChunk {
  if (state.columns.ts.length < chunk.count) state.columns = newColumns(chunk.begin.length)
  state.components.trim()
  state.replaced.clear()
  state.columns.suspect.fill(0, 0, chunk.count)
  state.across.clear()
  const format = formats.get(chunk.file.format)
  parseHeads(chunk, format, state)
  const losses: Loss[] = []
  repairTexts(chunk, state, losses)
  const count = state.prefilter.scan(chunk.bytes, chunk.used)
  visitNeedles(chunk, count, state)
  redactAcross(chunk, state.across, textsOf(state))
  redactKeyBodies(chunk, state.across, textsOf(state))
  const verdicts = classifyRows(chunk, count, classifier, state)
  const { columns, components, replaced } = state
  return { records: chunk, ...columns, components: components.words, replaced, verdicts, losses }
}

/** Time, level, component and the bounds of the message, for every record. The hot loop: no strings. */
function parseHeads(chunk: RecordChunk, format: Format | undefined, state: State): void {
  const { columns, components, head } = state
  const { memory, bytes, begin, end } = chunk
  const context = { zone: zoneOf(chunk.file.zone, state), mtimeMs: chunk.mtimeMs }
  const otherTs = (chunk.observedMs ?? chunk.mtimeMs) * 1000
  const otherQuality = chunk.observedMs === undefined ? MTIME : OBSERVED
  for (let i = 0; i < chunk.count; i++) {
    const from = begin[i] as number
    const to = end[i] as number
    if (format === undefined || !format.parse(bytes, from, to, context, head)) {
      columns.level[i] = 0
      columns.component[i] = 0
      columns.textBegin[i] = from
      columns.textEnd[i] = to
      head.ts = Number.NaN
    } else {
      columns.level[i] = head.level
      columns.component[i] = components.indexOf(bytes, head.componentBegin, head.componentEnd)
      columns.textBegin[i] = head.textBegin
      columns.textEnd[i] = head.textEnd
    }
    if (!Number.isNaN(head.ts)) {
      memory.ts = head.ts
      memory.tsQuality = PARSED
      columns.ts[i] = head.ts
      columns.tsQuality[i] = PARSED
    } else {
      const inherits = memory.tsQuality === PARSED
      columns.ts[i] = inherits ? memory.ts : Math.trunc(otherTs)
      columns.tsQuality[i] = inherits ? INHERITED : otherQuality
    }
  }
}

/** Messages that cannot be stored as they are: control characters, bytes that are no UTF-8, texts that were cut. */
function repairTexts(chunk: RecordChunk, state: State, losses: Loss[]): void {
  const used = chunk.bytes.subarray(0, chunk.used)
  const dirty = CONTROLS.some((control) => used.includes(control))
  const invalid = !isUtf8(chunk.bytes.subarray(0, chunk.end[chunk.count - 1]))
  const { textBegin, textEnd } = state.columns
  for (let i = 0; i < chunk.count; i++) {
    const begin = textBegin[i] as number
    const end = textEnd[i] as number
    const cut = ((chunk.flags[i] as number) & RecordFlag.cut) > 0
    if (!cut && !invalid && !(dirty && needsCleaning(chunk.bytes, begin, end))) continue
    if (invalid && !isUtf8(chunk.bytes.subarray(begin, end))) {
      losses.push(loss(chunk, i, 'invalid-bytes', 'bytes that are no UTF-8 are shown as U+FFFD'))
    } else if (!cut && !(dirty && needsCleaning(chunk.bytes, begin, end))) continue
    let text = cleanText(chunk.bytes.toString('utf8', begin, end))
    if (cut) {
      text = `${text} …[cut: the record has ${chunk.length[i]} bytes]`
      losses.push(loss(chunk, i, 'over-long', `the text is cut, the record has ${chunk.length[i]} bytes`))
    }
    state.replaced.set(i, text)
  }
}

/** Looks at each place of a secret's or a failure's word: masks the secret, notes the record as a suspect. */
function visitNeedles(chunk: RecordChunk, count: number, state: State): void {
  const texts = textsOf(state)
  redactUntold(chunk, texts)
  const { positions, needles } = state.prefilter
  let row = 0
  let text: string | undefined
  for (let hit = 0; hit < count; hit++) {
    const needle = needles[hit] as number
    if (needle >= state.base) continue
    let at = positions[hit] as number
    if (chunk.bytes[at] === NEWLINE) at++
    if ((chunk.end[row] as number) <= at) {
      while (row < chunk.count && (chunk.end[row] as number) <= at) row++
      text = undefined
    }
    if (row === chunk.count) return
    if (at < (chunk.begin[row] as number)) continue
    if (noteRow(row, needle, state) && text !== REDACTED)
      text = redactAt(chunk, row, text ?? textOf(chunk, row, texts), needle, at, texts)
  }
}

/** Notes what else a word says of its row; is it the word of a secret? */
function noteRow(row: number, needle: number, { columns, across }: State): boolean {
  const ofSecret = needle < SECRET_NEEDLES.length
  if (!ofSecret) columns.suspect[row] = 1
  else if (leadsAcross(needle)) across.add(row)
  return ofSecret
}

function classifyRows(chunk: RecordChunk, count: number, classifier: Classifier, state: State): RowVerdict[] {
  const verdicts: RowVerdict[] = []
  const files = fileClassifier(chunk, classifier, state)
  const texts = textsOf(state)
  const { positions, needles } = state.prefilter
  const { textBegin, textEnd, level } = state.columns
  const row = {
    level: (i: number) => level[i] as number,
    isEcho: (i: number) => chunk.bytes[textBegin[i] as number] === PLUS && isEcho(textOf(chunk, i, texts)),
    /** The whole record as written, but for what was repaired or redacted in its message. */
    text: (i: number) => {
      if (!state.replaced.has(i)) return chunk.bytes.toString('utf8', chunk.begin[i], chunk.end[i])
      const head = chunk.bytes.toString('utf8', chunk.begin[i], textBegin[i])
      return head + textOf(chunk, i, texts) + chunk.bytes.toString('utf8', textEnd[i], chunk.end[i])
    },
  }
  files.restore(chunk.memory.windows)
  files.classify(chunk, { positions, needles, count, base: state.base }, row, verdicts)
  chunk.memory.windows = files.state
  unexplained(
    chunk,
    {
      level,
      suspect: state.columns.suspect,
      benign: files.benignRows,
      message: (i) => textOf(chunk, i, texts),
    },
    verdicts,
  )
  return verdicts
}

function textsOf({ columns, replaced }: State): RowTexts {
  return { textBegin: columns.textBegin, textEnd: columns.textEnd, replaced }
}

function fileClassifier(chunk: RecordChunk, classifier: Classifier, state: State): FileClassifier {
  const { source, profile } = chunk.file
  const key = `${source}\0${profile}`
  const known = state.classifiers.get(key) ?? classifier.forFile({ source, profile })
  state.classifiers.set(key, known)
  return known
}

function zoneOf(name: string, state: State): Zone {
  const known = state.zones.get(name) ?? zone(name)
  state.zones.set(name, known)
  return known
}

function loss(chunk: RecordChunk, row: number, reason: LossReason, detail: string): Loss {
  return { file: chunk.file, reason, offset: chunk.offset[row] ?? 0, length: 0, detail }
}

function newColumns(rows: number): Columns {
  return {
    ts: new Float64Array(rows),
    tsQuality: new Uint8Array(rows),
    level: new Uint8Array(rows),
    component: new Uint16Array(rows),
    textBegin: new Int32Array(rows),
    textEnd: new Int32Array(rows),
    suspect: new Uint8Array(rows),
  }
}

import type { InterpretedChunk, Loss, RecordChunk, RowVerdict } from '../model.ts'
import { createChunkSearch, type FoundNeedles } from './chunk-search.ts'
import type { Classifier, FileClassifier } from './classify.ts'
import { type Columns, newColumns, parseHeads } from './columns.ts'
import { ComponentTable } from './component-table.ts'
import { suspectBegins } from './failure-begins.ts'
import { failureNeedles } from './failure-needles.ts'
import { emptyHead, type Format } from './format.ts'
import type { Head } from './head.ts'
import { filesByHost } from './named-hosts.ts'
import { leadsAcross, SECRET_NEEDLES } from './redact.ts'
import { redactKeys } from './redact-key.ts'
import { redactLed, redactOpened } from './redact-later.ts'
import { redactAcross } from './redact-near.ts'
import { REDACTED, redactAgain, redactAt, redactUntold } from './redact-rows.ts'
import { repairTexts, tellCuts } from './repair.ts'
import { type RowTexts, textOf } from './row-texts.ts'
import { isEcho } from './rule.ts'
import { tellingLine } from './template/telling-line.ts'
import { unexplained } from './unexplained.ts'
import type { Zone } from './zone.ts'

export type Interpret = (chunk: RecordChunk) => InterpretedChunk

export type InterpretOptions = {
  readonly formats: ReadonlyMap<string, Format>
  readonly classifier: Classifier
  /** Names the template of a line that no rule explains; its id is stored with the event. */
  readonly templateOf?: TemplateOf
}

/** The id of a line's template. */
type TemplateOf = (line: string) => string

const NEWLINE = 10
const PLUS = 43

/**
 * Makes the function that interprets records: time, level, component, message without secrets, and the verdicts of the rules.
 * Its arrays are reused: a result is valid until the next call. Pure except for `chunk.memory`.
 */
export function createInterpreter({ formats, classifier, templateOf }: InterpretOptions): Interpret {
  const needles = [...SECRET_NEEDLES, ...classifier.needles]
  const state: State = {
    search: createChunkSearch(needles, failureNeedles()),
    base: SECRET_NEEDLES.length,
    failures: needles.length,
    columns: newColumns(4096),
    components: new ComponentTable(),
    head: emptyHead(),
    replaced: new Map(),
    masked: [],
    opened: [],
    led: [],
    across: new Set(),
    zones: new Map(),
    classifiers: new Map(),
  }
  return (chunk) => interpretChunk(chunk, formats, { classifier, templateOf }, state)
}

/** What judges rows. */
type Judges = { readonly classifier: Classifier; readonly templateOf: TemplateOf | undefined }

type State = Omit<RowTexts, 'textBegin' | 'textEnd'> & {
  readonly search: ReturnType<typeof createChunkSearch>
  /** Index of the classifier's first needle among all needles searched. */
  readonly base: number
  /** Index of the first needle of a failure. */
  readonly failures: number
  columns: Columns
  readonly components: ComponentTable
  readonly head: Head
  /** Rows whose secret is indicated by the rows around them, or that announce a secret in the rows below. */
  readonly across: Set<number>
  readonly zones: Map<string, Zone>
  readonly classifiers: Map<string, FileClassifier>
}

function interpretChunk(
  chunk: RecordChunk,
  formats: ReadonlyMap<string, Format>,
  judges: Judges,
  state: State,
): InterpretedChunk {
  if (state.columns.ts.length < chunk.count) state.columns = newColumns(chunk.begin.length)
  state.components.trim()
  state.replaced.clear()
  state.masked.length = 0
  state.opened.length = 0
  state.led.length = 0
  state.columns.suspect.fill(0, 0, chunk.count)
  state.across.clear()
  const format = formats.get(chunk.file.format)
  parseHeads(chunk, format, state)
  const losses: Loss[] = []
  repairTexts(chunk, textsOf(state), losses)
  const found = state.search(chunk, textsOf(state))
  suspectBegins(chunk, state.columns, state.replaced)
  visitNeedles(chunk, found, state)
  redactAcross(chunk, state.across, textsOf(state))
  redactKeys(chunk, state.across, textsOf(state))
  redactOpened(chunk, textsOf(state))
  redactLed(chunk, textsOf(state))
  redactAgain(chunk, textsOf(state))
  tellCuts(chunk, textsOf(state), losses)
  const verdicts = classifyRows(chunk, found, judges, state)
  const { columns, components, replaced } = state
  const files = filesByHost(chunk, format?.hostOf)
  return { records: chunk, files, ...columns, components: components.words, replaced, verdicts, losses }
}

/** Visits each place of a secret's or failure's word: masks the secret, marks the record as suspect. */
function visitNeedles(chunk: RecordChunk, { positions, needles, count }: FoundNeedles, state: State): void {
  const texts = textsOf(state)
  redactUntold(chunk, texts)
  let row = 0
  let text: string | undefined
  for (let hit = 0; hit < count; hit++) {
    const needle = needles[hit] as number
    if (needle >= state.base && needle < state.failures) continue
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

/** Notes what else a word says about its row; returns whether it is a secret's word. */
function noteRow(row: number, needle: number, { base, columns, across }: State): boolean {
  const ofSecret = needle < base
  if (!ofSecret) columns.suspect[row] = 1
  else if (leadsAcross(needle)) across.add(row)
  return ofSecret
}

function classifyRows(
  chunk: RecordChunk,
  found: FoundNeedles,
  { classifier, templateOf }: Judges,
  state: State,
): RowVerdict[] {
  const verdicts: RowVerdict[] = []
  const files = fileClassifier(chunk, classifier, state)
  const texts = textsOf(state)
  const { textBegin, textEnd, level } = state.columns
  const row = {
    level: (i: number) => level[i] as number,
    isEcho: (i: number) => chunk.bytes[textBegin[i] as number] === PLUS && isEcho(textOf(chunk, i, texts)),
    /** The whole record as written, except for repairs and redactions in its message. */
    text: (i: number) => {
      if (!state.replaced.has(i)) return chunk.bytes.toString('utf8', chunk.begin[i], chunk.end[i])
      const head = chunk.bytes.toString('utf8', chunk.begin[i], textBegin[i])
      return head + textOf(chunk, i, texts) + chunk.bytes.toString('utf8', textEnd[i], chunk.end[i])
    },
  }
  files.restore(chunk.memory.windows)
  files.classify(chunk, { ...found, base: state.base }, row, verdicts)
  chunk.memory.windows = files.state
  unexplained(
    chunk,
    {
      level,
      suspect: state.columns.suspect,
      isBenign: (i) => files.isBenign(i, row),
      inGeneral: (i) => files.inGeneral(i, row),
      message: (i) => textOf(chunk, i, texts),
      component: (i) => state.components.words[state.columns.component[i] as number] ?? '',
      template: templateOf && ((i) => templateOf(tellingLine(textOf(chunk, i, texts)))),
    },
    verdicts,
  )
  return verdicts
}

function textsOf({ columns, replaced, masked, opened, led }: State): RowTexts {
  return { textBegin: columns.textBegin, textEnd: columns.textEnd, replaced, masked, opened, led }
}

function fileClassifier(chunk: RecordChunk, classifier: Classifier, state: State): FileClassifier {
  const { source, profile } = chunk.file
  const key = `${source}\0${profile}`
  const known = state.classifiers.get(key) ?? classifier.forFile({ source, profile })
  state.classifiers.set(key, known)
  return known
}

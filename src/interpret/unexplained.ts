import { LEVELS, type RecordChunk, type RowVerdict, SEVERITIES, type Severity } from '../model.ts'
import { EXTRACTS } from './extracts.ts'
import { failureSign } from './failure-words.ts'
import { worth } from './writers.ts'

const DEBUG = LEVELS.indexOf('debug')
const INFO = LEVELS.indexOf('info')
const ERROR = LEVELS.indexOf('error')
const FATAL = LEVELS.indexOf('fatal')

/** Writers that call harmless things errors: their words must indicate a failure, too. */
const ALARMISTS = new Set(['sssd'])

/** Writers that indicate failures only by their level: they try many things that need not exist. */
const PLAIN = new Set(['xorg'])

/** What is known about a chunk's rows besides their text. */
export type RowSigns = {
  readonly level: Uint8Array
  /** 1 for a record with a failure word, or with a begin like that of a failure. */
  readonly suspect: Uint8Array
  /** Does a rule declare the row harmless? */
  readonly isBenign: (row: number) => boolean
  /** The verdict of a general rule on the row. */
  readonly inGeneral: (row: number) => RowVerdict | undefined
  readonly message: (row: number) => string
  /** The writer according to the head; '' if it does not say. */
  readonly component: (row: number) => string
  /** The id of the row's template; undefined if templates are not wanted. */
  readonly template: ((row: number) => string) | undefined
}

/**
 * Adds a verdict for each record that looks like a failure and that no specific rule matches: from a general rule, which
 * names the kind of failure, or else of kind `unknown`, since failures that nobody knows yet must be visible at once. Of an
 * extract only what a rule about its writer says counts, as for its other rules; the rest is told of the whole log.
 */
export function unexplained(chunk: RecordChunk, signs: RowSigns, verdicts: RowVerdict[]): void {
  const { source } = chunk.file
  const judge = ALARMISTS.has(source) ? byWords : PLAIN.has(source) ? byLevel : byBoth
  let explained: Set<number> | undefined
  for (let row = 0; row < chunk.count; row++) {
    const level = signs.level[row] as number
    // What is before the first row and after the last one is in other chunks, so that no needle may be found there.
    const isBorder = row === 0 || row === chunk.count - 1
    if (level <= INFO && signs.suspect[row] === 0 && !isBorder) continue
    explained ??= new Set(verdicts.map((verdict) => verdict.row))
    if (level === DEBUG || explained.has(row)) continue
    const message = signs.message(row)
    // Xorg also marks the lines around its block of error text.
    const severity = message.trim() === '' ? undefined : judge(level, message)
    if (severity === undefined || signs.isBenign(row)) continue
    const writing = { source, component: signs.component(row), message }
    const verdict = lastResort(row, worth(severity, writing), { source, signs })
    if (verdict !== undefined) verdicts.push(verdict)
  }
}

type Looks = { readonly source: string; readonly signs: RowSigns }

function lastResort(row: number, severity: Severity, { source, signs }: Looks): RowVerdict | undefined {
  const general = signs.inGeneral(row)
  const isOfPart = general !== undefined && general.phase !== ''
  if (EXTRACTS.has(source) && !isOfPart) return undefined
  // Only a rule knows whether what is fatal to the writer is fatal to the desktop.
  const isFatal = severity === 'error' && signs.level[row] === FATAL
  const verdict = general
    ? { ...general, severity: milder(general.severity, isFatal ? 'critical' : severity) }
    : unknown(row, severity)
  return signs.template === undefined ? verdict : { ...verdict, templateId: signs.template(row) }
}

/** A rule may rate a word higher than its writer does. */
function milder(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b) ? a : b
}

function unknown(row: number, severity: Severity): RowVerdict {
  return { row, kind: 'unknown', ruleId: '', ruleVersion: 0, severity, phase: '', layer: '', captures: {} }
}

const BY_SIGN = { certain: 'error', likely: 'warning', possible: 'info' } as const

type Judge = (level: number, message: string) => Severity | undefined

const byLevel: Judge = (level) => (level >= ERROR ? 'error' : undefined)

const byWords: Judge = (level, message) => {
  const sign = failureSign(message)
  if (level === INFO) return sign === 'certain' ? 'warning' : undefined
  return sign && BY_SIGN[sign]
}

/** Levels can be too high or too low, so both count. */
const byBoth: Judge = (level, message) => byLevel(level, message) ?? byWords(level, message)

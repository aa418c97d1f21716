import { LEVELS, type RecordChunk, type RowVerdict, SEVERITIES, type Severity } from '../model.ts'
import { bordersOnFailureNeedle } from './failure-needles.ts'
import { failureSign } from './failure-words.ts'
import { worth } from './writers.ts'

const DEBUG = LEVELS.indexOf('debug')
const INFO = LEVELS.indexOf('info')
const ERROR = LEVELS.indexOf('error')

/** Copies of lines that another file of the same folder has in their order. */
const COPIES = new Set(['bootstrap-level'])

/** Writers that call an error what is none: their words must say so, too. */
const ALARMISTS = new Set(['sssd'])

/** Writers that tell of failures by their level only: they try many things that need not be there. */
const PLAIN = new Set(['xorg'])

/** What is known of a chunk's rows besides their text. */
export type RowSigns = {
  readonly level: Uint8Array
  /** 1 for a record with a word of failures. */
  readonly suspect: Uint8Array
  /** Does a rule declare the row harmless? */
  readonly isBenign: (row: number) => boolean
  /** What a general rule says of the row. */
  readonly inGeneral: (row: number) => RowVerdict | undefined
  readonly message: (row: number) => string
  /** The writer, as the head tells; '' if it does not. */
  readonly component: (row: number) => string
  /** The id of the template of the row; undefined where none is wanted. */
  readonly template: ((row: number) => string) | undefined
}

/**
 * Adds a verdict for each record that looks like a failure and that no rule knows: of a general rule, which names the kind
 * of failure, or else of kind `unknown`. What nobody knows yet must be seen today.
 */
export function unexplained(chunk: RecordChunk, signs: RowSigns, verdicts: RowVerdict[]): void {
  const { source } = chunk.file
  if (COPIES.has(source)) return
  const judge = ALARMISTS.has(source) ? byWords : PLAIN.has(source) ? byLevel : byBoth
  let explained: Set<number> | undefined
  for (let row = 0; row < chunk.count; row++) {
    const level = signs.level[row] as number
    const suspect = level > INFO || signs.suspect[row] === 1
    // The newline before the first row is in the chunk before.
    if (!suspect && (row > 0 || !bordersOnFailureNeedle(signs.message(row)))) continue
    explained ??= new Set(verdicts.map((verdict) => verdict.row))
    if (level === DEBUG || explained.has(row)) continue
    const message = signs.message(row)
    // Xorg marks the lines around its block of error text, too.
    const severity = message.trim() === '' ? undefined : judge(level, message)
    if (severity === undefined || signs.isBenign(row)) continue
    const writing = { source, component: signs.component(row), message }
    verdicts.push(lastResort(row, worth(severity, writing), signs))
  }
}

function lastResort(row: number, severity: Severity, { inGeneral, template }: RowSigns): RowVerdict {
  const general = inGeneral(row)
  const verdict = general
    ? { ...general, severity: milder(general.severity, severity) }
    : unknown(row, severity)
  return template === undefined ? verdict : { ...verdict, templateId: template(row) }
}

/** A word may weigh more in a rule than where it stands. */
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

/** Levels lie in both directions, so both count. */
const byBoth: Judge = (level, message) => byLevel(level, message) ?? byWords(level, message)

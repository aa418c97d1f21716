import { LEVELS, type RecordChunk, type RowVerdict } from '../model.ts'

/** Words that a program prints only when it failed. */
export const FAILURE_NEEDLES: readonly string[] = ['Traceback (most recent call last):']

const ERROR = LEVELS.indexOf('error')

/** Copies of lines that another file of the same folder has in their order. */
const COPIES = new Set(['bootstrap-level'])

/** What is known of a chunk's rows besides their text. */
export type RowSigns = {
  readonly level: Uint8Array
  readonly suspects: ReadonlySet<number>
  /** Rows that a rule declares harmless. */
  readonly benign: ReadonlySet<number>
  readonly message: (row: number) => string
}

/**
 * Adds a verdict of kind `unknown` for each record that looks like a failure and that no rule explains: what nobody
 * knows yet must be seen today.
 */
export function unexplained(chunk: RecordChunk, signs: RowSigns, verdicts: RowVerdict[]): void {
  if (COPIES.has(chunk.file.source)) return
  let explained: Set<number> | undefined
  for (let row = 0; row < chunk.count; row++) {
    if ((signs.level[row] as number) < ERROR && !signs.suspects.has(row)) continue
    explained ??= new Set(verdicts.map((verdict) => verdict.row))
    if (explained.has(row) || signs.benign.has(row)) continue
    // Xorg marks the lines around its block of error text, too.
    if (signs.message(row).trim() === '') continue
    verdicts.push({
      row,
      kind: 'unknown',
      ruleId: '',
      ruleVersion: 0,
      severity: 'error',
      phase: '',
      layer: '',
      captures: {},
    })
  }
}

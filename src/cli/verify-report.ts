import type { Difference } from '../triage/verify/comparison.ts'
import { counted, grouped } from './counted.ts'
import type { Io } from './io.ts'
import { paint } from './paint.ts'
import { printable } from './printable.ts'

/** Why a stored file cannot be compared. */
export type Incomparable = keyof typeof INCOMPARABLE

const INCOMPARABLE = {
  truncated: 'cut or written anew in place since',
  changed: 'became shorter while it was read',
  gone: 'rotated away or deleted',
  elsewhere: 'there, but not where was looked: name its path to compare it',
  earlier: 'an earlier content of a file that was written anew in place',
  bundle: 'in a bundle that is there, and bundles are not compared',
  unknown: 'in the store, but in no checkpoint of this data directory',
  expired: 'older than what the store keeps',
} as const

/** The result for one file, in the shape of `--json`. */
export type FileVerdict = {
  readonly kind: 'file'
  readonly status: 'equal' | 'different' | 'not_stored' | 'not_comparable' | 'not_read'
  readonly file: string
  readonly file_id?: string
  readonly generation?: number
  readonly reason?: string
  /** Rows compared, or stored rows that could not be. */
  readonly rows: number
  readonly missing: number
  readonly extra: number
  readonly different: number
  readonly expired: number
  readonly redacted: number
  /** Rows that the store refused; they are set aside in the data directory. */
  readonly refused: number
  /** Bytes after the checkpoint. */
  readonly not_yet_stored_bytes: number
  readonly differences: readonly (Difference & { readonly event_id: string })[]
}

const NOTHING = { rows: 0, missing: 0, extra: 0, different: 0, expired: 0, redacted: 0, refused: 0 }

/** The result for a file that was not compared. */
export function untouched(file: Pick<FileVerdict, 'status' | 'file'> & Partial<FileVerdict>): FileVerdict {
  return { kind: 'file', ...NOTHING, not_yet_stored_bytes: 0, differences: [], ...file }
}

const SHOWN = 10
const SUMS = [
  ...(['rows', 'missing', 'extra', 'different', 'expired', 'redacted', 'refused'] as const),
  'not_yet_stored_bytes',
] as const

/** Prints results as they come, and the totals. */
export class VerifyReport {
  readonly #io: Io
  readonly #json: boolean
  readonly #refusedFolder: string
  readonly #files = { equal: 0, different: 0, not_stored: 0, not_comparable: 0, not_read: 0 }
  #empty = 0
  readonly #sums = { ...NOTHING, not_yet_stored_bytes: 0 }
  readonly #lost = new Map<string, { files: number; rows: number }>()

  constructor(io: Io, json: boolean, refusedFolder: string) {
    this.#io = io
    this.#json = json
    this.#refusedFolder = refusedFolder
  }

  add(verdict: FileVerdict): void {
    const { status, reason = '' } = verdict
    this.#files[status]++
    if (status === 'not_stored' && verdict.not_yet_stored_bytes === 0) this.#empty++
    if (status === 'not_comparable') {
      const { files, rows } = this.#lost.get(reason) ?? { files: 0, rows: 0 }
      this.#lost.set(reason, { files: files + 1, rows: rows + verdict.rows })
    } else for (const name of SUMS) this.#sums[name] += verdict[name]
    if (this.#json) this.#io.out(`${JSON.stringify(verdict)}\n`)
    else if (status === 'different') this.#io.out(differentText(verdict, this.#io))
    else if (status === 'not_read') this.#io.err(`not read: ${verdict.file}: ${reason}\n`)
  }

  /** Prints the totals; returns whether the store equals the files, as far as they can be compared. */
  end(seconds: number): boolean {
    // If nothing was compared, nothing is known to be equal.
    const isEqual = this.#files.different === 0 && this.#files.equal > 0
    if (this.#json) {
      const total = { kind: 'total', equal: isEqual, files: this.#files, ...this.#sums, seconds }
      this.#io.out(`${JSON.stringify(total)}\n`)
    } else this.#io.out(this.#totalText(isEqual, seconds))
    return isEqual
  }

  #totalText(isEqual: boolean, seconds: number): string {
    const { equal, different, not_stored, not_read } = this.#files
    const unstored = not_stored - this.#empty
    const { rows, expired, redacted, refused, not_yet_stored_bytes } = this.#sums
    const compared = `${counted(rows, 'row')} of ${counted(equal + different, 'file')} compared in ${seconds.toFixed(1)} s`
    const verdict = isEqual
      ? paint(this.#io, 'green', 'the store is equal to the files')
      : paint(this.#io, 'red', `${counted(different, 'file')} ${different === 1 ? 'differs' : 'differ'}`)
    const notes = [
      ...(not_yet_stored_bytes > 0 ? [`${counted(not_yet_stored_bytes, 'byte')} not yet stored`] : []),
      ...(unstored > 0 ? [`${counted(unstored, 'file')} with nothing stored yet`] : []),
      ...(this.#empty > 0 ? [`${counted(this.#empty, 'empty file')}, with nothing to store`] : []),
      ...(expired > 0 ? [`${counted(expired, 'row')} older than what the store keeps`] : []),
      ...(redacted > 0 ? [`${counted(redacted, 'row')} redacted differently than they would be now`] : []),
      ...(refused > 0
        ? [`${counted(refused, 'row')} refused by the store, set aside in ${this.#refusedFolder}`]
        : []),
      ...(not_read > 0 ? [`${counted(not_read, 'file')} or folders that cannot be read`] : []),
      ...[...this.#lost].map(
        ([reason, lost]) =>
          `${counted(lost.files, 'file')} with ${counted(lost.rows, 'row')}: ${INCOMPARABLE[reason as Incomparable]}`,
      ),
    ]
    const head = equal + different === 0 ? 'nothing could be compared' : `${compared}: ${verdict}`
    return `${[head, ...notes.map((note) => `  ${note}`)].join('\n')}\n`
  }
}

/** A file that differs, with its first differences. */
function differentText(verdict: FileVerdict, io: Io): string {
  const { file, missing, extra, different, differences } = verdict
  const shown = differences.slice(0, SHOWN)
  const more = missing + extra + different - shown.length
  const sums = `${grouped(missing)} missing, ${grouped(extra)} extra, ${grouped(different)} different`
  return [
    `${paint(io, 'bold', printable(file, ''))}: ${paint(io, 'red', sums)}\n`,
    ...shown.map(
      ({ kind, offset, length, event_id }) =>
        `  ${kind.padEnd(9)}  byte ${grouped(offset)}, ${counted(length, 'byte')}  ${paint(io, 'dim', event_id)}\n`,
    ),
    ...(more > 0 ? [`  and ${grouped(more)} more\n`] : []),
  ].join('')
}

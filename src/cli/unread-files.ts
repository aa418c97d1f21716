import { hostname } from 'node:os'
import type { Checkpoint } from '../collect/checkpoint.ts'
import { newFileId } from '../collect/fingerprint.ts'
import type { LayoutSet } from '../collect/layout.ts'
import type { NotRead } from '../collect/not-read.ts'
import { isPartly } from '../collect/packing.ts'
import type { Loss, LossReason, SourceFile } from '../model.ts'
import type { Unread } from '../pipeline.ts'

/** These are not faults of files: they are logged or printed, but do not belong in the ledger. */
const PASSING: ReadonlySet<string> = new Set([
  'too-many-open',
  'own-output',
  'stopped',
  'taken',
  'copy',
  'waiting',
])
const KEPT: readonly string[] = ['not-a-file', 'vanished'] satisfies LossReason[]

/** Adds what cannot be read to the ledger: bytes that are lost, and files and folders once for each reason. */
export class UnreadFiles {
  readonly #layouts: LayoutSet
  readonly #root: string | undefined
  /** What is already in the ledger, as `file id:reason`. */
  readonly #told: Set<string>
  #losses: Loss[] = []
  #settled: Checkpoint[] = []

  constructor(layouts: LayoutSet, root: string | undefined, told: readonly string[]) {
    this.#layouts = layouts
    this.#root = root
    this.#told = new Set(told)
  }

  note({ path, shown, reason, detail, isTold, lost, settled }: NotRead): void {
    if (PASSING.has(reason) || isTold === true) return
    const known = (KEPT.includes(reason) ? reason : 'unreadable') as LossReason
    if (lost !== undefined) {
      this.#losses.push({ ...lost, reason: known, detail })
      if (settled !== undefined) this.#settled.push(settled)
      return
    }
    const file = this.#fileOf(path, shown)
    const key = `${file.fileId}:${known}`
    if (this.#told.has(key)) return
    this.#told.add(key)
    const told = known === 'unreadable' ? unreadableText(reason, detail) : detail
    this.#losses.push({ file, reason: known, offset: 0, length: 0, detail: told })
  }

  /** Removes and returns what was noted since the last call, if anything. */
  take(): Unread | undefined {
    const losses = this.#losses
    if (losses.length === 0) return undefined
    const settled = this.#settled
    this.#losses = []
    this.#settled = []
    return { losses, settled }
  }

  /** A file without a first line is identified by its machine, since many machines may have the same path. */
  #fileOf(path: string, name: string | undefined): SourceFile {
    const place = this.#layouts.place(path, this.#root)
    const root = this.#root?.replace(/\/+$/, '') ?? ''
    const shown = name ?? place?.path ?? (path.startsWith(`${root}/`) ? path.slice(root.length) : path)
    return {
      ...(place?.placement ?? NOWHERE),
      ...{ fileId: newFileId(shown, Buffer.from(hostname())), generation: 0, path: shown, zone: 'UTC' },
    }
  }
}

const NOWHERE = {
  identity: { cluster: '', owner: '', session: '', sessionUuid: '', host: '' },
  ...{ profile: '', source: '', format: '' },
}

function unreadableText(reason: string, detail: string): string {
  const what = isPartly({ reason }) ? 'cannot be read to its end' : 'cannot be read'
  return `${what} (${reason === 'unreadable' ? detail : `${reason}: ${detail}`})`
}

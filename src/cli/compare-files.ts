import type { Checkpoint } from '../collect/checkpoint.ts'
import type { KnownFiles } from '../collect/known-files.ts'
import type { Found } from '../collect/log-names.ts'
import { type Reopened, type Reread, reopen } from '../collect/reread.ts'
import { errorCode, OpsError } from '../errors.ts'
import type { WindowDigest } from '../store/digest-query.ts'
import { eventId } from '../store/event-row.ts'
import type { StoreFacts } from '../store/facts-query.ts'
import { FILES_AT_ONCE } from '../triage/stored-questions.ts'
import { Comparison } from '../triage/verify/comparison.ts'
import type { Io } from './io.ts'
import type { Knowledge } from './knowledge.ts'
import type { RefusedRange, StoredFiles } from './stored-files.ts'
import { type Incomparable, untouched, type VerifyReport } from './verify-report.ts'

const DAY_MS = 24 * 3_600_000

/** What files are compared with, and where differences are reported. */
export type Verifying = {
  readonly knowledge: Knowledge
  readonly known: KnownFiles
  readonly stored: StoredFiles
  readonly facts: StoreFacts
  readonly refused: ReadonlyMap<string, readonly RefusedRange[]>
  readonly isSettled: boolean
  readonly io: Io
  readonly report: VerifyReport
  /** Files and generations that were compared, as `fileId:generation`. */
  readonly met: Set<string>
  /** Of those in `met`, the ones whose file no longer has all the bytes that are stored. */
  readonly truncated: Set<string>
}

/** Compares files with what is stored of them, a few at a time; reports why if a file cannot be compared. */
export async function compareFiles(found: readonly Found[], verifying: Verifying): Promise<void> {
  const { io } = verifying
  let group: Found[] = []
  const ids = new Set<string>()
  for (const file of found) {
    if (io.signal.aborted) return
    const again = await openAgain(file, verifying)
    if ('refused' in again) tellRefused(file, again, verifying)
    else {
      ids.add(again.file.fileId)
      group.push(file)
      again.close()
    }
    if (ids.size < FILES_AT_ONCE) continue
    await compareGroup(group, ids, verifying)
    group = []
    ids.clear()
  }
  await compareGroup(group, ids, verifying)
}

function openAgain(file: Found, { knowledge, known, io }: Verifying): Promise<Reopened> {
  return reopen(file, knowledge.context(known, io.signal))
}

async function compareGroup(
  group: readonly Found[],
  ids: ReadonlySet<string>,
  verifying: Verifying,
): Promise<void> {
  if (group.length === 0) return
  const digests = await verifying.stored.digests([...ids])
  for (const file of group) {
    if (verifying.io.signal.aborted) return
    const again = await openAgain(file, verifying)
    if ('refused' in again) tellRefused(file, again, verifying)
    else {
      try {
        await compareFile(again, digests, verifying)
      } catch (error) {
        const code = errorCode(error)
        if (code === '' || error instanceof OpsError) throw error
        tellNotRead(file.path, `unreadable (${code})`, verifying)
      } finally {
        again.close()
      }
    }
  }
}

async function compareFile(again: Reread, all: readonly WindowDigest[], verifying: Verifying): Promise<void> {
  const { file, until, stat } = again
  const { knowledge, report, met } = verifying
  const { fileId, generation } = file
  // Another path of the same file.
  if (met.has(keyOf(file))) return
  met.add(keyOf(file))
  const digests = all.filter((digest) => digest.file_id === fileId && digest.generation === generation)
  const comparison = comparisonOf(again, digests, verifying)
  let end = 0
  for (const chunk of again.records(digests.flatMap(({ continued }) => continued).sort((a, b) => a - b))) {
    await comparison.add(knowledge.interpret(chunk))
    end = (chunk.offset[chunk.count - 1] ?? 0) + (chunk.length[chunk.count - 1] ?? 0)
  }
  const place = { file: file.path, file_id: fileId, generation }
  if (end < until) {
    report.add(untouched({ ...place, status: 'not_comparable', reason: 'changed' satisfies Incomparable }))
    return
  }
  const result = await comparison.end()
  const isEqual = result.missing + result.extra + result.different === 0
  const isExpired = isEqual && result.rows > 0 && result.expired === result.rows
  report.add({
    ...{ kind: 'file', ...place, ...result },
    status: isExpired ? 'not_comparable' : isEqual ? 'equal' : 'different',
    ...(isExpired ? { reason: 'expired' satisfies Incomparable } : {}),
    not_yet_stored_bytes: Math.max(0, stat.size - until),
    differences: result.differences.map((difference) => ({
      ...difference,
      event_id: eventId(file, difference.offset),
    })),
  })
}

/** A comparison of a file with the rows that are stored of it, up to the byte to which it is compared. */
function comparisonOf(again: Reread, digests: readonly WindowDigest[], verifying: Verifying): Comparison {
  const { file, until } = again
  const { stored, isSettled } = verifying
  const refused = verifying.refused.get(keyOf(file)) ?? []
  return new Comparison(
    {
      digests,
      rows: (from, to) => stored.rows(file.fileId, file.generation, from, to),
      mayBeExpired: mayBeExpired(again, verifying),
      isRefused: (offset) => refused.some(({ from, to }) => from <= offset && offset < to),
      isSettled,
    },
    until,
  )
}

/** Rows expire by the day they were stored. If the file or the store is younger than that, its rows still exist. */
function mayBeExpired({ stat }: Reread, { facts, io }: Verifying): boolean {
  const { retention_days, since_ms } = facts
  const oldest = io.clock.nowMs() - retention_days * DAY_MS
  return retention_days > 0 && since_ms > 0 && since_ms < oldest && stat.birthMs < oldest
}

function tellRefused({ path, place }: Found, again: Exclude<Reopened, Reread>, verifying: Verifying): void {
  const { report } = verifying
  if (again.refused === 'new') {
    report.add(untouched({ status: 'not_stored', file: place.path, not_yet_stored_bytes: again.bytes }))
  } else if (again.refused === 'truncated') {
    report.add(untouched({ status: 'not_stored', file: place.path, not_yet_stored_bytes: again.bytes }))
    verifying.truncated.add(keyOf(again.checkpoint))
  } else if (again.refused !== 'vanished') tellNotRead(path, `${again.refused} (${again.detail})`, verifying)
}

/** Reports a file that could not be read. */
export function tellNotRead(file: string, reason: string, { report }: Verifying): void {
  report.add(untouched({ status: 'not_read', file, reason }))
}

function keyOf({ fileId, generation }: Pick<Checkpoint, 'fileId' | 'generation'>): string {
  return `${fileId}:${generation}`
}

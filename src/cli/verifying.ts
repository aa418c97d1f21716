import { existsSync } from 'node:fs'
import { type Checkpoint, type CommittedFiles, readCheckpoints } from '../collect/checkpoints.ts'
import type { Found } from '../collect/log-names.ts'
import { type Reopened, type Reread, reopen } from '../collect/reread.ts'
import { type Config, checkRoot, loadConfig } from '../config.ts'
import { type DataDir, dataDir, holderPid } from '../data-dir.ts'
import { errorCode, OpsError } from '../errors.ts'
import type { WindowDigest } from '../store/digest-query.ts'
import { eventId } from '../store/event-row.ts'
import type { StoreFacts } from '../store/facts-query.ts'
import { waitingBatches } from '../store/journal.ts'
import { Comparison } from '../triage/comparison.ts'
import { FILES_AT_ONCE } from '../triage/stored-questions.ts'
import { nothingStored, openAnswers } from './ask.ts'
import type { CommonOptions } from './command.ts'
import { incomparable } from './incomparable.ts'
import type { Io } from './io.ts'
import { type Knowledge, loadKnowledge } from './knowledge.ts'
import { filesOf } from './named-files.ts'
import { throwIfStopped } from './stopped.ts'
import { openStoredFiles, type RefusedRange, type StoredFiles } from './stored-files.ts'
import { type Incomparable, untouched, VerifyReport } from './verify-report.ts'

const DAY_MS = 24 * 3_600_000

type Verifying = {
  readonly knowledge: Knowledge
  readonly known: CommittedFiles
  readonly stored: StoredFiles
  readonly facts: StoreFacts
  readonly refused: ReadonlyMap<string, readonly RefusedRange[]>
  readonly isSettled: boolean
  readonly io: Io
  readonly report: VerifyReport
  /** Files and generations that were met, as `fileId:generation`. */
  readonly met: Set<string>
  /** Those of which the bytes are not in their file any more. */
  readonly truncated: Set<string>
}

/** Compares the files that the paths name with the store, and tells how they differ. Is there no difference? */
export async function verify(paths: readonly string[], options: CommonOptions, io: Io): Promise<boolean> {
  const config = loadConfig(options.config, options)
  checkRoot(config)
  const dir = existingData(config)
  const knowledge = loadKnowledge(config)
  const { found, notRead } = await filesOf(paths, config, knowledge.layouts)
  const startMs = io.clock.nowMs()
  const report = new VerifyReport(io, options.json === true, dir.refused)
  const answers = await openAnswers(config, io)
  try {
    const isSettled = answers.by === 'store' && isQuiet(config, dir)
    const known = readCheckpoints(dir.checkpoints)
    const stored = openStoredFiles(answers, config)
    const facts = await stored.facts()
    const refused = await stored.refused()
    const seen = { met: new Set<string>(), truncated: new Set<string>() }
    const verifying = { knowledge, known, stored, facts, refused, isSettled, io, report, ...seen }
    await compareFiles(found, verifying)
    throwIfStopped(io, 'every file was compared', 'Run it again, or name some of the files.')
    for (const { path, reason, detail } of notRead) tellNotRead(path, `${reason} (${detail})`, verifying)
    await tellRest(paths, config, verifying)
  } finally {
    await answers.close()
  }
  return report.end((io.clock.nowMs() - startMs) / 1000)
}

function existingData(config: Config): DataDir {
  const dir = dataDir(config.data)
  if (existsSync(dir.checkpoints)) return dir
  throw nothingStored(dir, 'it has no checkpoints')
}

/** Does nobody write, and is no batch on its way? */
function isQuiet(config: Config, dir: DataDir): boolean {
  // The embedded engine is open in this process, which holds the directory.
  const isHeld = config.store !== undefined && holderPid(dir) !== undefined
  return !isHeld && waitingBatches(dir.journal).length === 0
}

async function compareFiles(found: readonly Found[], verifying: Verifying): Promise<void> {
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
  const { knowledge, stored, report, met, isSettled } = verifying
  const { fileId, generation } = file
  // A second name of the same file.
  if (met.has(keyOf(file))) return
  met.add(keyOf(file))
  const refused = verifying.refused.get(keyOf(file)) ?? []
  const digests = all.filter((one) => one.file_id === fileId && one.generation === generation)
  const comparison = new Comparison(
    {
      digests,
      rows: (from, to) => stored.rows(fileId, generation, from, to),
      mayBeExpired: mayBeExpired(again, verifying),
      isRefused: (offset) => refused.some(({ from, to }) => from <= offset && offset < to),
      isSettled,
    },
    until,
  )
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
    differences: result.differences.map((one) => ({ ...one, event_id: eventId(file, one.offset) })),
  })
}

/** Rows go by the day they were stored: those of a file, or a store, that is younger than that are still there. */
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

function tellNotRead(file: string, reason: string, { report }: Verifying): void {
  report.add(untouched({ status: 'not_read', file, reason }))
}

/** What the store has of files that were not met. */
async function tellRest(paths: readonly string[], config: Config, verifying: Verifying): Promise<void> {
  const { stored, report, known, met, truncated } = verifying
  const asked = { known, met, truncated, folders: paths, isShared: config.store !== undefined }
  for (const { file, reason } of incomparable(await stored.files(), asked)) {
    const { file: path, file_id, generation, rows } = file
    report.add(untouched({ status: 'not_comparable', file: path, file_id, generation, rows, reason }))
  }
}

function keyOf({ fileId, generation }: Pick<Checkpoint, 'fileId' | 'generation'>): string {
  return `${fileId}:${generation}`
}

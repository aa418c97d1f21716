import { accessSync, constants, existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Clock } from '../../clock.ts'
import { isWithin, kernelMounts } from '../../collect/mounts.ts'
import type { Config } from '../../config.ts'
import { type DataDir, diskOf, holderPid, runningService, type ServiceAddress } from '../../data-dir.ts'
import { errorCode } from '../../errors.ts'
import { waitingBatches } from '../../store/journal.ts'
import { counted, grouped } from '../counted.ts'
import { type Check, fail, notChecked, ok, warn } from './check.ts'

const MIB = 1024 * 1024
/** With less free space, the next batches may not fit. */
const LEAST_FREE = 256 * MIB
const SKEW_MS = 2000

/** The process that holds the data directory, if any, and its address if it is a service. */
export type Held = { readonly pid: number | undefined; readonly service: ServiceAddress | undefined }

/** Finds out who holds the data directory; throws if that cannot be read. */
export function heldBy(dir: DataDir): Held {
  return { pid: holderPid(dir), service: runningService(dir) }
}

/** Can the data directory be written, does it have room and a correct clock, who holds it, and which batches wait in it? */
export function dataChecks(config: Config, dir: DataDir, held: Held, clock: Clock): Check[] {
  const isThere = existsSync(dir.path)
  return [
    writableCheck(dir),
    spaceCheck(config, dir),
    isThere ? skewCheck(dir, clock) : notChecked('disk clock', `${dir.path} is not there yet`),
    holderCheck(held),
    journalCheck(dir, held),
  ]
}

function writableCheck({ path }: DataDir): Check {
  const folder = nearestFolder(path)
  const remedy = `Let this user write to ${folder}, or name another folder with --data DIR.`
  try {
    if (!statSync(folder).isDirectory()) return fail('data directory', `${folder} is not a folder`, remedy)
    if (isOfKernel(folder))
      return fail('data directory', `${folder} is not on a disk`, 'Name a folder on a disk with --data DIR.')
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    return fail('data directory', `${folder} cannot be written (${errorCode(error)})`, remedy)
  }
  if (folder === resolve(path)) return ok('data directory', `${path} can be written`)
  return ok('data directory', `${path} is not there yet and can be made`)
}

/** The folder, or its nearest ancestor that exists. */
function nearestFolder(path: string): string {
  const whole = resolve(path)
  return existsSync(whole) || dirname(whole) === whole ? whole : nearestFolder(dirname(whole))
}

/** The file systems of the kernel let root write everywhere, and take no file. */
function isOfKernel(path: string): boolean {
  return kernelMounts().some((folder) => isWithin(path, folder))
}

function spaceCheck({ journalBytes }: Config, { path }: DataDir): Check {
  if (isOfKernel(nearestFolder(path))) return notChecked('free space', `${path} cannot be made`)
  const { free_bytes: free } = diskOf({ path: nearestFolder(path) })
  const told = `${grouped(Math.floor(free / MIB))} MiB free for ${path}`
  const remedy = 'Free some space, or move --data to a larger disk.'
  if (free < LEAST_FREE) return fail('free space', told, remedy)
  if (free >= 2 * journalBytes) return ok('free space', told)
  const needed = `the journal alone may take ${grouped(Math.floor(journalBytes / MIB))} MiB`
  return warn('free space', `${told}; ${needed}`, `${remedy} Or lower journalBytes in the settings.`)
}

/** A file system on another machine has its own clock, and file times are compared with ours. */
function skewCheck({ path }: DataDir, clock: Clock): Check {
  const probe = join(path, `.doctor.${process.pid}`)
  try {
    const before = clock.nowMs()
    writeFileSync(probe, '', { flag: 'wx', mode: 0o600 })
    const skewMs = statSync(probe).mtimeMs - before
    const told = `the clock of the disk and ours differ by ${(Math.abs(skewMs) / 1000).toFixed(1)} s`
    if (Math.abs(skewMs) <= SKEW_MS) return ok('disk clock', told)
    return warn('disk clock', told, 'Run chrony (or NTP) on this machine and on the file server.')
  } catch (error) {
    return notChecked('disk clock', `no file can be written in ${path} (${errorCode(error)})`)
  } finally {
    rmSync(probe, { force: true })
  }
}

function holderCheck({ pid, service }: Held): Check {
  if (pid === undefined) return ok('held by', 'nobody')
  if (service !== undefined) return ok('held by', `the service on ${service.url}, process ${pid}`)
  return ok(
    'held by',
    `process ${pid}, which answers no questions (an ingest, or a service that just starts)`,
  )
}

function journalCheck(dir: DataDir, { pid }: Held): Check {
  const waiting = waitingBatches(dir.journal)
  const [oldest] = waiting
  if (oldest === undefined) return ok('journal', 'no batch waits for the store')
  const bytes = waiting.reduce((sum, batch) => sum + batch.bytes, 0)
  const told = `${waiting.length} ${waiting.length === 1 ? 'batch waits' : 'batches wait'} for the store (${counted(bytes, 'byte')}), the oldest from ${timeOf(oldest.batch)}`
  if (pid !== undefined && waiting.length <= 2) return ok('journal', told)
  return warn(
    'journal',
    told,
    'Check the store. They are stored by the next `dcvlens serve` or `ingest`; do not delete them.',
  )
}

/** The time in the name of a batch, when it was begun. */
function timeOf(batch: string): string {
  const [, date, hour, minute, second] = /^(\d{8})T(\d\d)(\d\d)(\d\d)/.exec(batch) ?? []
  if (date === undefined) return batch
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)} ${hour}:${minute}:${second} UTC`
}

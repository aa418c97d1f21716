import { hash } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorCode, OpsError } from './errors.ts'

/** Where everything that dcvlens keeps lies, below `--data DIR`. */
export type DataDir = {
  readonly path: string
  readonly store: string
  readonly journal: string
  /** Rows that the store refuses. */
  readonly refused: string
  readonly checkpoints: string
  /** What is known of templates. */
  readonly templates: string
  readonly alerts: string
  readonly lock: string
  readonly service: string
}

/** The places below a data directory, whether it is there or not. */
export function dataDir(path: string): DataDir {
  return {
    path,
    store: join(path, 'store'),
    journal: join(path, 'journal'),
    refused: join(path, 'refused'),
    checkpoints: join(path, 'checkpoints'),
    templates: join(path, 'templates.json'),
    alerts: join(path, 'alerts'),
    lock: join(path, 'lock'),
    service: join(path, 'service.json'),
  }
}

/** The disk that a folder lies on, and the room that is left for whoever runs this. */
export type Disk = { readonly path: string; readonly free_bytes: number; readonly total_bytes: number }

/** Looks how much room a folder's disk has; the folder must be there. */
export function diskOf({ path }: Pick<DataDir, 'path'>): Disk {
  const { bavail, blocks, bsize } = statfsSync(path)
  return { path, free_bytes: bavail * bsize, total_bytes: blocks * bsize }
}

/** The address of the service that holds a data directory, the token for who may read it there, and the root of its logs. */
export type ServiceAddress = {
  readonly url: string
  readonly pid: number
  readonly token?: string
  readonly root?: string
}

/** Process that holds a lock: its start time tells it from a later one with the same number. */
type Holder = { readonly pid: number; readonly started: string; readonly boot: string }

export type Lock = { release(): void }

/** Takes the data directory for this process, or says who has it. A lock of a process that is gone does not count. */
export function lockDataDir(dir: DataDir): Lock {
  return using(dir, () => {
    makeFolder(dir.path)
    const own = `${dir.lock}.${process.pid}`
    // An earlier process of this number may have left it as a second name of the lock itself.
    rmSync(own, { force: true })
    writeFileSync(own, JSON.stringify(holderOf(process.pid)), { mode: 0o600 })
    try {
      while (!tryLink(own, dir.lock)) takeAway(dir, dir.lock, own)
      return { release: () => rmSync(dir.lock, { force: true }) }
    } finally {
      rmSync(own, { force: true })
    }
  })
}

/** The running service of a data directory, if one has it. */
export function runningService(dir: DataDir): ServiceAddress | undefined {
  if (liveHolder(dir) === undefined) return undefined
  return parseJson<ServiceAddress>(readText(dir.service) ?? '')
}

/** Is a live process writing to this data directory? Gives its number. */
export function holderPid(dir: DataDir): number | undefined {
  return liveHolder(dir)?.pid
}

/** Not with `recursive`: below /proc that never returns. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  const parent = dirname(path)
  if (parent !== path) makeFolder(parent)
  try {
    mkdirSync(path, { mode: 0o750 })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

function using<T>({ path }: DataDir, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof OpsError || errorCode(cause) === '') throw cause
    throw new OpsError(
      'E_DATA_DIR',
      `cannot use the data directory ${path} (${errorCode(cause)})`,
      'Name a folder that you may write with --data DIR.',
      { cause },
    )
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

/**
 * Removes a lock whose process is gone; throws if it is not. Two starters may look at the same one, and the slower must not
 * remove the lock that the faster took in its place: only who makes the claim that is named by its content may remove it.
 */
function takeAway(dir: DataDir, lock: string, own: string): void {
  const text = readText(lock)
  if (text === undefined) return
  const holder = aliveHolder(text)
  if (holder !== undefined) throw heldError(dir, holder)
  const claim = `${dir.lock}.${hash('sha256', text, 'hex').slice(0, 16)}`
  if (!tryLink(own, claim)) {
    takeAway(dir, claim, own)
    return
  }
  try {
    if (readText(lock) === text) rmSync(lock, { force: true })
  } finally {
    rmSync(claim, { force: true })
  }
}

function liveHolder(dir: DataDir): Holder | undefined {
  const text = using(dir, () => readText(dir.lock))
  return text === undefined ? undefined : aliveHolder(text)
}

function aliveHolder(text: string): Holder | undefined {
  const holder = parseJson<Holder>(text)
  if (holder === undefined) return undefined
  const now = holderOf(holder.pid)
  return now.started !== '' && now.started === holder.started && now.boot === holder.boot ? holder : undefined
}

function parseJson<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T
  } catch {
    return undefined
  }
}

/** Start time in clock ticks since boot (field 22 of /proc/PID/stat, proc(5)) and the id of this boot; '' where unknown. */
function holderOf(pid: number): Holder {
  return { pid, started: startTime(pid), boot: readText('/proc/sys/kernel/random/boot_id') ?? '' }
}

/** '' for a process that has ended, even if its parent has not asked for its end yet (Z). */
function startTime(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`) ?? ''
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[22 - 3] ?? '')
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}

function heldError(dir: DataDir, holder: Holder): OpsError {
  return new OpsError(
    'E_DATA_HELD',
    `${dir.path} is in use by process ${holder.pid}`,
    'Stop it first, or name another folder with --data DIR. Questions (sessions, timeline, …) may be asked while it runs.',
  )
}

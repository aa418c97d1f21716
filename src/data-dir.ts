import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode, OpsError } from './errors.ts'

/** Where everything that dcvlens keeps lies, below `--data DIR`. */
export type DataDir = {
  readonly path: string
  readonly store: string
  readonly journal: string
  readonly checkpoints: string
  readonly lock: string
  readonly service: string
}

export function dataDir(path: string): DataDir {
  return {
    path,
    store: join(path, 'store'),
    journal: join(path, 'journal'),
    checkpoints: join(path, 'checkpoints'),
    lock: join(path, 'lock'),
    service: join(path, 'service.json'),
  }
}

/** The address of the service that holds a data directory. */
export type ServiceAddress = { readonly url: string; readonly pid: number }

/** Process that holds a lock: its start time tells it from a later one with the same number. */
type Holder = { readonly pid: number; readonly started: string; readonly boot: string }

export type Lock = { release(): void }

/** Takes the data directory for this process, or says who has it. A lock of a process that is gone does not count. */
export function lockDataDir(dir: DataDir): Lock {
  makeFolder(dir.path)
  const own = `${dir.lock}.${process.pid}`
  writeFileSync(own, JSON.stringify(holderOf(process.pid)), { mode: 0o600 })
  try {
    for (;;) {
      if (tryLink(own, dir.lock)) return { release: () => rmSync(dir.lock, { force: true }) }
      const holder = liveHolder(dir)
      if (holder !== undefined) throw heldError(dir, holder)
      rmStale(dir.lock, own)
    }
  } finally {
    rmSync(own, { force: true })
  }
}

/** The running service of a data directory, if one has it. */
export function runningService(dir: DataDir): ServiceAddress | undefined {
  if (liveHolder(dir) === undefined) return undefined
  return readJson<ServiceAddress>(dir.service)
}

/** Is a live process writing to this data directory? Gives its number. */
export function holderPid(dir: DataDir): number | undefined {
  return liveHolder(dir)?.pid
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o750 })
  } catch (cause) {
    throw new OpsError(
      'E_DATA_DIR',
      `cannot make the data directory ${path} (${errorCode(cause)})`,
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

function rmStale(lock: string, own: string): void {
  const aside = `${own}.stale`
  try {
    renameSync(lock, aside)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  rmSync(aside, { force: true })
}

function liveHolder(dir: DataDir): Holder | undefined {
  const holder = readJson<Holder>(dir.lock)
  if (holder === undefined) return undefined
  const now = holderOf(holder.pid)
  return now.started !== '' && now.started === holder.started && now.boot === holder.boot ? holder : undefined
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch {
    return undefined
  }
}

/** Start time in clock ticks since boot (field 22 of /proc/PID/stat, proc(5)) and the id of this boot; '' where unknown. */
function holderOf(pid: number): Holder {
  return { pid, started: statField(pid, 22), boot: readText('/proc/sys/kernel/random/boot_id') }
}

function statField(pid: number, field: number): string {
  const stat = readText(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[field - 3] ?? ''
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

function heldError(dir: DataDir, holder: Holder): OpsError {
  return new OpsError(
    'E_DATA_HELD',
    `${dir.path} is in use by process ${holder.pid}`,
    'Stop it first, or name another folder with --data DIR. Questions (sessions, timeline, …) may be asked while it runs.',
  )
}

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { mountOf, networkMounts, silentMounts } from '../collect/mounts.ts'
import { type Config, loadConfig } from '../config.ts'
import { dataDir, runningService } from '../data-dir.ts'
import type { EventJson, EventPlace } from '../event-json.ts'
import { logKey, pathOfLog } from '../triage/diagnosis/story.ts'
import type { CommonOptions } from './command.ts'

/** How far the lines of a file are counted. */
type Counted = { offset: number; line: number }
/** A log, as events name it. */
type Log = Parameters<typeof logKey>[0]
type Opened = { readonly fd: number; readonly size: number; counted: Counted }

const CHUNK_BYTES = 1 << 20
/** Counting farther into a file would take too long. */
const MAX_BYTES = 512 * CHUNK_BYTES
const SERVICE_MAX_BYTES = 16 * CHUNK_BYTES
/** This much of a record must still be in the file to prove that it is the same file. */
const PROOF_CHARS = 80
const LF = 0x0a

const ANSWER_MS = 2000

/**
 * Adds line numbers to events for a command; skips network file systems that do not answer. `read` has the paths
 * on this machine, by `logKey`.
 */
export async function withLineNumbers(
  events: readonly EventJson[],
  options: CommonOptions,
  clock: Clock,
  read: ReadonlyMap<string, string> = new Map(),
): Promise<EventJson[]> {
  const { root, networkFolders } = loadConfig(options.config, options)
  const silent = await silentMounts(networkMounts(networkFolders), [root ?? '/'], ANSWER_MS, clock)
  return numberedLines(events, root, { read, mayOpen: (path) => mountOf(path, silent) === undefined })
}

/** The same for answers of a running service that people read; the paths are those that the service shows. */
export async function withShownLines(
  events: readonly EventJson[],
  options: CommonOptions,
  clock: Clock,
): Promise<EventJson[]> {
  const config = loadConfig(options.config, options)
  const root =
    config.root ?? (config.store === undefined ? runningService(dataDir(config.data))?.root : undefined)
  return withLineNumbers(events, root === undefined ? options : { ...options, root }, clock)
}

/**
 * The same for a service, which must not wait for a file system: looks only into files on local disks, and not far into
 * them.
 */
export function lineNumbering({
  root,
  networkFolders,
}: Config): (events: readonly EventJson[]) => EventJson[] {
  return (events) => {
    const mounts = networkMounts(networkFolders)
    return numberedLines(events, root, {
      mayOpen: (path) => mountOf(path, mounts) === undefined,
      maxBytes: SERVICE_MAX_BYTES,
    })
  }
}

type NumberingOptions = {
  mayOpen?(path: string): boolean
  readonly maxBytes?: number
  /** The paths on this machine of files that are shown under other names, by `logKey`. */
  readonly read?: ReadonlyMap<string, string>
}

/**
 * Adds line numbers to events in files below a root or at their paths. An event keeps the number it has. It gets none if its
 * file is missing or was replaced, or if it lies beyond `maxBytes`.
 */
export function numberedLines(
  events: readonly EventJson[],
  root: string | undefined,
  { maxBytes = MAX_BYTES, ...options }: NumberingOptions = {},
): EventJson[] {
  const logs = new OpenLogs(root, options)
  const numbered = <Place extends EventPlace>(place: Place, { message, host }: EventJson): Place => {
    const isNear = place.line === undefined && place.offset <= maxBytes
    const file = isNear ? logs.of({ file: place.file, host }) : undefined
    return file === undefined || !isThere(file, place, message)
      ? place
      : { ...place, line: lineAt(file, place.offset) }
  }
  const whole = (event: EventJson): EventJson => {
    const { copies } = event
    const own = numbered(event, event)
    return copies === undefined ? own : { ...own, copies: copies.map((one) => numbered(one, event)) }
  }
  try {
    // In the order of their bytes, so that each file is counted only once.
    const inOrder = events.map((event, at) => ({ event, at })).sort((a, b) => a.event.offset - b.event.offset)
    const shown = [...events]
    for (const { event, at } of inOrder) shown[at] = whole(event)
    return shown
  } finally {
    logs.close()
  }
}

/** The files of logs on this machine, each opened when it is first asked for. */
class OpenLogs {
  readonly #root: string | undefined
  readonly #options: NumberingOptions
  readonly #files = new Map<string, Opened | undefined>()

  constructor(root: string | undefined, options: NumberingOptions) {
    this.#root = root
    this.#options = options
  }

  /** The file of a log; undefined if it is not here, must not be opened, or is not plain text. */
  of(log: Log): Opened | undefined {
    const key = logKey(log)
    if (!this.#files.has(key)) this.#files.set(key, this.#find(log))
    return this.#files.get(key)
  }

  close(): void {
    for (const file of this.#files.values()) if (file !== undefined) closeSync(file.fd)
  }

  #find(log: Log): Opened | undefined {
    const { mayOpen = () => true, read = new Map<string, string>() } = this.#options
    const own = pathOfLog(read, log)
    const places = [own, this.#root === undefined ? undefined : join(this.#root, log.file), log.file]
    for (const place of places.flatMap((one) => one ?? []).filter(mayOpen)) {
      const found = open(place)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/** Opens a plain file of single-byte text. In packed files offsets differ, and in UTF-16 a newline is more than one byte. */
function open(path: string): Opened | undefined {
  if (path.endsWith('.gz')) return undefined
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
  const stat = fstatSync(fd)
  const mark = stat.isFile() ? bytesAt(fd, 0, 2) : Buffer.alloc(0)
  if (stat.isFile() && !['fffe', 'feff'].includes(mark.toString('hex')))
    return { fd, size: stat.size, counted: { offset: 0, line: 1 } }
  closeSync(fd)
  return undefined
}

/** Does a line with the event's message begin there? The file may have been replaced. */
function isThere({ fd, size }: Opened, { offset, length }: EventPlace, message: string): boolean {
  if (offset + length > size) return false
  if (offset > 0 && bytesAt(fd, offset - 1, 1)[0] !== LF) return false
  if (length === 0 || message.includes('«redacted:')) return true
  const [first = ''] = message.trim().split('\n', 1)
  return bytesAt(fd, offset, Math.min(length, CHUNK_BYTES))
    .toString()
    .includes(first.trim().slice(0, PROOF_CHARS))
}

/** Counts on from the previous result, since most requests are in file order. */
function lineAt(file: Opened, offset: number): number {
  const { fd } = file
  let { offset: at, line } = file.counted.offset <= offset ? file.counted : { offset: 0, line: 1 }
  while (at < offset) {
    const chunk = bytesAt(fd, at, Math.min(CHUNK_BYTES, offset - at))
    if (chunk.length === 0) break
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, end + 1)) line++
    at += chunk.length
  }
  file.counted = { offset: at, line }
  return line
}

function bytesAt(fd: number, offset: number, length: number): Buffer {
  const buffer = Buffer.alloc(length)
  return buffer.subarray(0, readSync(fd, buffer, 0, length, offset))
}

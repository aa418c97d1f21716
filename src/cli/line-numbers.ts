import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { mountOf, networkMounts, silentMounts } from '../collect/mounts.ts'
import { type Config, loadConfig } from '../config.ts'
import { dataDir, runningService } from '../data-dir.ts'
import type { EventJson, EventPlace } from '../event-json.ts'
import type { CommonOptions } from './command.ts'

/** Where the counting in a file has come to. */
type Counted = { offset: number; line: number }
type Opened = { readonly fd: number; readonly size: number; counted: Counted }

const CHUNK_BYTES = 1 << 20
/** Farther into a file nobody waits for the counting. */
const MAX_BYTES = 512 * CHUNK_BYTES
const SERVICE_MAX_BYTES = 16 * CHUNK_BYTES
/** So much of a record must be in the file for it to be the same file. */
const PROOF_CHARS = 80
const LF = 0x0a

const ANSWER_MS = 2000

/**
 * Adds the numbers of their lines for a command; nobody looks into a network file system that does not answer. `read` says
 * where files were read that are shown under other names.
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

/** The same for people who read the answer of a running service: they need not say where its logs lie. */
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

/** The same for a service, which waits for no file system: only files on local disks are looked into, and not far. */
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
  /** Where files were read, by the names that they are shown under. */
  readonly read?: ReadonlyMap<string, string>
}

/**
 * Adds to events the numbers of their lines, for files below a root or where their paths say. A line keeps its number, and has
 * none if its file is not here, is another one by now, or if it lies farther in than `maxBytes`.
 */
export function numberedLines(
  events: readonly EventJson[],
  root: string | undefined,
  { mayOpen = () => true, maxBytes = MAX_BYTES, read = new Map() }: NumberingOptions = {},
): EventJson[] {
  const files = new Map<string, Opened | undefined>()
  const find = (file: string): Opened | undefined => {
    const places = [read.get(file), root === undefined ? undefined : join(root, file), file]
    for (const place of places.flatMap((one) => one ?? []).filter(mayOpen)) {
      const found = open(place)
      if (found !== undefined) return found
    }
    return undefined
  }
  const opened = (path: string) => {
    if (!files.has(path)) files.set(path, find(path))
    return files.get(path)
  }
  const numbered = <Place extends EventPlace>(place: Place, message: string): Place => {
    const file = place.line === undefined && place.offset <= maxBytes ? opened(place.file) : undefined
    return file === undefined || !isThere(file, place, message)
      ? place
      : { ...place, line: lineAt(file, place.offset) }
  }
  const whole = (event: EventJson): EventJson => {
    const { message, copies } = event
    const own = numbered(event, message)
    return copies === undefined ? own : { ...own, copies: copies.map((one) => numbered(one, message)) }
  }
  try {
    // In the order of the bytes, each file is counted but once.
    const inOrder = events.map((event, at) => ({ event, at })).sort((a, b) => a.event.offset - b.event.offset)
    const shown = [...events]
    for (const { event, at } of inOrder) shown[at] = whole(event)
    return shown
  } finally {
    for (const file of files.values()) if (file !== undefined) closeSync(file.fd)
  }
}

/** A plain file of bytes; what is packed has other offsets, and in UTF-16 a line does not end with one byte. */
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

/** Does a line begin there, and does it say what the event says? A file may be another one since. */
function isThere({ fd, size }: Opened, { offset, length }: EventPlace, message: string): boolean {
  if (offset + length > size) return false
  if (offset > 0 && bytesAt(fd, offset - 1, 1)[0] !== LF) return false
  if (length === 0 || message.includes('«redacted:')) return true
  const [first = ''] = message.trim().split('\n', 1)
  return bytesAt(fd, offset, Math.min(length, CHUNK_BYTES))
    .toString()
    .includes(first.trim().slice(0, PROOF_CHARS))
}

/** Goes on from where the last one was found, since most are asked for in the order of the file. */
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

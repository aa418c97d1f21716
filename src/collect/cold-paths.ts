import type { Sighted } from './discover.ts'
import type { NotRead } from './not-read.ts'
import type { NotOpened } from './open-feed.ts'
import { inodeNumber, isGone } from './open-file.ts'

/** Values of `look` that no file has: the path must be opened again at the next scan. */
const UNREADABLE = 'unreadable'
const WAITING = 'waiting'

/** A path that was not seen in this many scans is forgotten. */
const KEPT_SCANS = 100

/** There are very many of these: all have the same fields, none is ever removed, and so each takes little memory. */
type Cold = {
  /** How its file looked when last opened, or why it is not read. */
  look: string
  /** The number of the last scan that saw it. */
  scan: number
  /** The file that waits, and since when: for the end of its first line, or to be recognised as a copy. */
  waiting: { readonly inode: string; readonly sinceMs: number } | undefined
  /** Why its file is not read, as last reported. */
  told: string | undefined
  /** Its file when it could not be opened, with bytes that were not read. */
  unread: Sighted | undefined
}

/** What is remembered about paths whose files are not open. */
export class ColdPaths {
  readonly #paths = new Map<string, Cold>()
  #scan = 0
  readonly #onNotRead: (file: NotRead) => void

  constructor(onNotRead: (file: NotRead) => void) {
    this.#onNotRead = onNotRead
  }

  wasSeen(path: string): boolean {
    return (this.#paths.get(path)?.look ?? '') !== ''
  }

  /** Did the last scan see a file there, or was one closed since? */
  wasThere(path: string): boolean {
    const cold = this.#paths.get(path)
    return cold !== undefined && cold.scan >= this.#scan - 1
  }

  isUnchanged({ path, look }: Sighted): boolean {
    const cold = this.#paths.get(path)
    if (cold !== undefined) cold.scan = this.#scan
    return cold?.look === look
  }

  /** Its file was opened and had this look. */
  opened(path: string, look: string): void {
    const cold = this.#cold(path)
    cold.look = look
    cold.waiting = undefined
    cold.unread = undefined
  }

  /** Its file was closed; it is opened again when its look changes. */
  closed(path: string, look: string): void {
    const cold = this.#cold(path)
    cold.look = look
    cold.scan = this.#scan
    cold.unread = undefined
  }

  /** The file could be read after all, though it is gone from its path. */
  wasRead({ path, inode }: Sighted): void {
    const cold = this.#paths.get(path)
    if (cold?.unread?.inode === inode) cold.unread = undefined
  }

  /** Its file could be read: later trouble is reported again. */
  isReadable(path: string): void {
    const cold = this.#paths.get(path)
    if (cold !== undefined) cold.told = undefined
  }

  forget(path: string): void {
    const cold = this.#paths.get(path)
    if (cold !== undefined) cold.look = ''
  }

  /** How long this file has been waiting; 0 if another file at the path was. */
  waitedMs({ path, inode }: Sighted, nowMs: number): number {
    const waiting = this.#paths.get(path)?.waiting
    return waiting === undefined || inodeNumber(waiting.inode) !== inodeNumber(inode)
      ? 0
      : nowMs - waiting.sinceMs
  }

  /** Its file was not opened. If it is gone, or open under another path, the next scan will see that. */
  refused(sighted: Sighted, { refused, detail }: NotOpened, nowMs: number): void {
    const { path, look } = sighted
    if (refused === 'unreadable') {
      this.unread(sighted)
      this.unreadable(path, detail)
      return
    }
    const cold = this.#cold(path)
    if (refused === 'waiting') this.unread(sighted)
    if (refused === 'waiting' || refused === 'copy') {
      cold.look = WAITING
      cold.waiting = { inode: sighted.inode, sinceMs: nowMs - Math.max(0, this.waitedMs(sighted, nowMs)) }
    } else if (refused === 'stored') cold.look = look
    else if (refused === 'not-a-file') {
      cold.look = look
      this.#tell({ path, reason: refused, detail })
    }
  }

  /** Its file cannot be opened or read now; each scan tries again. */
  unreadable(path: string, detail: string): void {
    this.#cold(path).look = UNREADABLE
    this.#tell({ path, reason: 'unreadable', detail })
  }

  /** Its file holds bytes that could not be read yet. */
  unread(sighted: Sighted): void {
    this.#cold(sighted.path).unread = sighted
  }

  /**
   * Ends a scan; returns the files that disappeared before they were read. Files in folders that the scan could not look into
   * do not count as gone.
   */
  endScan(inodes: ReadonlySet<string>): Sighted[] {
    const unsighted: Sighted[] = []
    for (const [path, cold] of this.#paths) {
      if (cold.scan === this.#scan) continue
      if (cold.unread !== undefined && isGone(path)) {
        unsighted.push(cold.unread)
        cold.unread = undefined
      }
      if (this.#scan - cold.scan >= KEPT_SCANS) this.#paths.delete(path)
    }
    this.#scan++
    if (unsighted.length === 0) return []
    // The device number of a file system changes when it is mounted again.
    const numbers = new Set(Array.from(inodes, inodeNumber))
    return unsighted.filter(({ inode }) => !numbers.has(inodeNumber(inode)))
  }

  #cold(path: string): Cold {
    const known = this.#paths.get(path)
    if (known !== undefined) return known
    const cold: Cold = { look: '', scan: this.#scan, waiting: undefined, told: undefined, unread: undefined }
    this.#paths.set(path, cold)
    return cold
  }

  #tell(file: NotRead): void {
    const cold = this.#cold(file.path)
    if (cold.told === file.detail) return
    cold.told = file.detail
    this.#onNotRead(file)
  }
}

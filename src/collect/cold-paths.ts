import type { NotRead, Sighted } from './discover.ts'
import type { Feed, Opened } from './feed.ts'

/** Looks that no file has: what must be opened again at the next scan. */
const UNREADABLE = 'unreadable'
const WAITING = 'waiting'

/** What is remembered of paths whose files are not open: how they looked when they were last opened, or why they are not read. */
export class ColdPaths {
  readonly #looks = new Map<string, string>()
  /** Since when files wait for the end of their first line. */
  readonly #waiting = new Map<string, number>()
  /** Why files are not read; each reason is told once. */
  readonly #told = new Map<string, string>()
  readonly #onNotRead: (file: NotRead) => void

  constructor(onNotRead: (file: NotRead) => void) {
    this.#onNotRead = onNotRead
  }

  wasSeen(path: string): boolean {
    return this.#looks.has(path)
  }

  isUnchanged({ path, look }: Sighted): boolean {
    return this.#looks.get(path) === look
  }

  /** Its file was opened and looked like that. */
  opened(path: string, look: string): void {
    this.#looks.set(path, look)
    this.#waiting.delete(path)
  }

  /** Its file is closed; it is opened again when it looks other than that. */
  closed(path: string, look: string): void {
    this.#looks.set(path, look)
  }

  /** Its file could be read: trouble that comes later is news. */
  isReadable(path: string): void {
    this.#told.delete(path)
  }

  forget(path: string): void {
    this.#looks.delete(path)
  }

  /** How long the file has been waiting for the end of its first line. */
  waitedMs(path: string, nowMs: number): number {
    return nowMs - (this.#waiting.get(path) ?? nowMs)
  }

  /** Its file was not opened. What is gone, or open under another path, is for the next scan to see. */
  refused({ path, look }: Sighted, { refused, detail }: Exclude<Opened, Feed>, nowMs: number): void {
    if (refused === 'unreadable') this.unreadable(path, detail)
    else if (refused === 'waiting') {
      this.#looks.set(path, WAITING)
      this.#waiting.set(path, this.#waiting.get(path) ?? nowMs)
    } else if (refused === 'not-a-file') {
      this.#looks.set(path, look)
      this.#tell({ path, reason: refused, detail })
    }
  }

  /** Its file cannot be opened or read now; it is tried again at each scan. */
  unreadable(path: string, detail: string): void {
    this.#looks.set(path, UNREADABLE)
    this.#tell({ path, reason: 'unreadable', detail })
  }

  #tell(file: NotRead): void {
    if (this.#told.get(file.path) === file.detail) return
    this.#told.set(file.path, file.detail)
    this.#onNotRead(file)
  }
}

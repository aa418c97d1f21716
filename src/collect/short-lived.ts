import { closeSync, fstatSync, lstatSync } from 'node:fs'
import { errorCode } from '../errors.ts'
import { type Sighted, sightedAs } from './discover.ts'
import { firstLine } from './fingerprint.ts'
import type { Found } from './log-names.ts'
import { type OpenFile, openRegular, statOf } from './open-file.ts'
import { packingOf } from './packing.ts'
import { unrotated } from './rotation.ts'

/** A file that was opened when a notice told of its name: an unlink cannot take its bytes any more. */
type Held = { readonly sighted: Sighted; readonly file: OpenFile; readonly sinceMs: number }

type State = 'held' | 'read' | 'gone'

export type ShortLivedOptions = {
  /** What the path says, if it is that of a log which a scan would find. */
  readonly placeOf: (path: string) => Found | undefined
  /** Is this file open, or was it read as it looks now? */
  readonly isRead: (sighted: Sighted) => boolean
  /** Did the last scan see a file at this path? */
  readonly wasThere: (path: string) => boolean
  readonly lineFlushMs: number
}

/** They have their descriptors besides those of files that are read. */
const MOST_HELD = 32
/** Held files are looked at no more often. */
const LOOK_MS = 50
/** The notices of a file that somebody has seen may come late, on a busy machine. */
const LATE_MS = 2000
/** What was seen of more names is forgotten, the oldest first. */
const MOST_NAMES = 10_000

/**
 * Files that come and go faster than they are scanned. One that is there when the notice of its name is heard is held open
 * until a scan has taken it over; if it goes before, it is read by its descriptor. Of one that has gone by then, its name is
 * told. Where a file of the same name, or of a rotation of it, was seen shortly before, it may be that one which went.
 */
export class ShortLived {
  readonly #options: ShortLivedOptions
  #held: Held[] = []
  readonly #missed = new Map<string, { readonly found: Found; readonly atMs: number }>()
  /** When a file of this name, whatever the mark of its rotation, was seen last. */
  readonly #seenMs = new Map<string, number>()
  #nextMs = 0

  constructor(options: ShortLivedOptions) {
    this.#options = options
  }

  get holds(): boolean {
    return this.#held.length > 0
  }

  /** A name came or went, or is another file's now. To be called at once: the file may be gone in a moment. */
  notice(path: string, nowMs: number): void {
    try {
      this.#notice(path, nowMs)
    } catch (error) {
      // What cannot be looked at is for the scan to tell.
      if (errorCode(error) === '') throw error
    }
  }

  /** Files that went before a scan could take them over; whoever gets one closes it. */
  takeGone(nowMs: number): readonly Held[] {
    if (!this.holds || (nowMs < this.#nextMs && this.#nextMs - nowMs <= LOOK_MS)) return []
    this.#nextMs = nowMs + LOOK_MS
    const gone: Held[] = []
    this.#held = this.#held.filter((held) => {
      const state = this.#stateNow(held, nowMs)
      if (state === 'gone') gone.push(held)
      else if (state === 'read') closeSync(held.file.fd)
      return state === 'held'
    })
    return gone
  }

  /** Names whose files came and went unseen before `beforeMs`, when the scan began that is over now. */
  takeMissed(beforeMs: number): Found[] {
    const missed: Found[] = []
    for (const [path, { found, atMs }] of this.#missed) {
      if (atMs >= beforeMs) continue
      this.#missed.delete(path)
      // Its file got another name, or its notice was late after all.
      const seenMs = this.#seenMs.get(unrotated(path))
      if (seenMs === undefined || Math.abs(atMs - seenMs) >= LATE_MS) missed.push(found)
    }
    return missed
  }

  close(): void {
    for (const { file } of this.#held) closeSync(file.fd)
    this.#held = []
  }

  #notice(path: string, nowMs: number): void {
    const found = packingOf(path) === 'plain' ? this.#options.placeOf(path) : undefined
    if (found === undefined) return
    const name = unrotated(path)
    if (this.#look(found, nowMs) || this.#options.wasThere(path)) {
      this.#note(name, nowMs)
      return
    }
    const seenMs = this.#seenMs.get(name)
    if (seenMs !== undefined && Math.abs(nowMs - seenMs) < LATE_MS) return
    this.#missed.set(path, { found, atMs: nowMs })
  }

  /** Is a file there? One that is new is held. */
  #look(found: Found, nowMs: number): boolean {
    const stats = lstatSync(found.path, { throwIfNoEntry: false })
    if (stats === undefined) return false
    const sighted = sightedAs(found, stats)
    const isHeld = this.#held.some((held) => held.sighted.inode === sighted.inode)
    if (!stats.isFile() || isHeld || this.#held.length >= MOST_HELD || this.#options.isRead(sighted))
      return true
    const file = openRegular(found.path)
    if ('refused' in file) return file.refused !== 'vanished'
    // It may be another one since.
    this.#held.push({ sighted: sightedAs(found, fstatSync(file.fd)), file, sinceMs: nowMs })
    return true
  }

  #stateNow(held: Held, nowMs: number): State {
    try {
      return this.#stateOf(held, nowMs)
    } catch (error) {
      // Whoever reads it tells why it cannot be read.
      if (errorCode(error) === '') throw error
      return 'gone'
    }
  }

  /** One without a whole first line is held as long as that may still come: the line names it. */
  #stateOf({ sighted, file, sinceMs }: Held, nowMs: number): State {
    const stats = fstatSync(file.fd)
    if (this.#options.isRead(sightedAs(sighted, stats))) return 'read'
    const isOld = nowMs < sinceMs || nowMs - sinceMs >= this.#options.lineFlushMs
    // It is there: the scans have it by now.
    if (stats.nlink > 0) return isOld ? 'read' : 'held'
    if (statOf(file.fd) === undefined || (stats.size === 0 && isOld)) return 'read'
    return isOld || (stats.size > 0 && firstLine(file.fd) !== undefined) ? 'gone' : 'held'
  }

  #note(name: string, nowMs: number): void {
    this.#seenMs.delete(name)
    this.#seenMs.set(name, nowMs)
    const [oldest] = this.#seenMs.keys()
    if (this.#seenMs.size > MOST_NAMES && oldest !== undefined) this.#seenMs.delete(oldest)
  }
}

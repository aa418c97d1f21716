import { closeSync, fstatSync, lstatSync } from 'node:fs'
import { errorCode } from '../errors.ts'
import { type Sighted, sightedAs } from './discover.ts'
import { firstLine } from './fingerprint.ts'
import type { Found } from './log-names.ts'
import { type OpenFile, openRegular, statOf } from './open-file.ts'
import { packingOf } from './packing.ts'
import { unrotated } from './rotation.ts'

/** A file that was opened on the notice of its name: unlinking it cannot take its bytes away any more. */
type Held = { readonly sighted: Sighted; readonly file: OpenFile; readonly sinceMs: number }

type State = 'held' | 'read' | 'gone'

export type ShortLivedOptions = {
  /** What the path says, if a scan would find it to be a log. */
  readonly placeOf: (path: string) => Found | undefined
  /** Is this file open, or was it read with its present look? */
  readonly isRead: (sighted: Sighted) => boolean
  /** Did the last scan see a file at this path? */
  readonly wasThere: (path: string) => boolean
  readonly lineFlushMs: number
}

/** The most files that are held; their descriptors come on top of those of files being read. */
const MOST_HELD = 32
/** Held files are not checked more often than this. */
const LOOK_MS = 50
/** Notices of a file may arrive this late on a busy machine, when somebody has already seen it. */
const LATE_MS = 2000
/** The most names that are remembered; the oldest are forgotten first. */
const MOST_NAMES = 10_000

/**
 * Files that come and go faster than scans. A file that exists when the notice of its name arrives is held open until a scan
 * has taken it over; if it disappears before, it is read through its descriptor. If it is gone already, its name is reported,
 * unless a file of the same name, or of a rotation of it, was seen shortly before: it may have been that one.
 */
export class ShortLived {
  readonly #options: ShortLivedOptions
  #held: Held[] = []
  readonly #missed = new Map<string, { readonly found: Found; readonly atMs: number }>()
  /** When a file of this name, ignoring rotation suffixes, was last seen. */
  readonly #seenMs = new Map<string, number>()
  #nextMs = 0

  constructor(options: ShortLivedOptions) {
    this.#options = options
  }

  get holds(): boolean {
    return this.#held.length > 0
  }

  /** A name appeared, disappeared or changed. To be called at once: the file may be gone in a moment. */
  notice(path: string, nowMs: number): void {
    try {
      this.#notice(path, nowMs)
    } catch (error) {
      // The scan reports what cannot be looked at.
      if (errorCode(error) === '') throw error
    }
  }

  /** Files that disappeared before a scan could take them over; the caller closes them. */
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

  /** Names of files that came and went unseen before `beforeMs`, when the last scan began. */
  takeMissed(beforeMs: number): Found[] {
    const missed: Found[] = []
    for (const [path, { found, atMs }] of this.#missed) {
      if (atMs >= beforeMs) continue
      this.#missed.delete(path)
      // Its file was renamed, or its notice was late after all.
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

  /** Looks for a file at the path, and holds it if it is new. */
  #look(found: Found, nowMs: number): boolean {
    const stats = lstatSync(found.path, { throwIfNoEntry: false })
    if (stats === undefined) return false
    const sighted = sightedAs(found, stats)
    const isHeld = this.#held.some((held) => held.sighted.inode === sighted.inode)
    if (!stats.isFile() || isHeld || this.#held.length >= MOST_HELD || this.#options.isRead(sighted))
      return true
    const file = openRegular(found.path)
    if ('refused' in file) return file.refused !== 'vanished'
    // It may be another file by now.
    this.#held.push({ sighted: sightedAs(found, fstatSync(file.fd)), file, sinceMs: nowMs })
    return true
  }

  #stateNow(held: Held, nowMs: number): State {
    try {
      return this.#stateOf(held, nowMs)
    } catch (error) {
      // Whoever reads it reports why it cannot be read.
      if (errorCode(error) === '') throw error
      return 'gone'
    }
  }

  /** A file without a complete first line is held as long as that may still come, since the line identifies it. */
  #stateOf({ sighted, file, sinceMs }: Held, nowMs: number): State {
    const stats = fstatSync(file.fd)
    if (this.#options.isRead(sightedAs(sighted, stats))) return 'read'
    const isOld = nowMs < sinceMs || nowMs - sinceMs >= this.#options.lineFlushMs
    // It exists: the scans have it by now.
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

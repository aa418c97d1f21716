import { createHash } from 'node:crypto'
import { closeSync } from 'node:fs'
import { errorCode } from '../errors.ts'
import type { FoundBundle, Placing } from './discover-named.ts'
import type { Collected } from './feed.ts'
import type { FilesTally } from './files-tally.ts'
import { inflated } from './inflate.ts'
import type { Member, MemberHead } from './member.ts'
import { memberName } from './member-name.ts'
import type { NotRead } from './not-read.ts'
import type { FeedContext } from './open-feed.ts'
import { lookOf, openRegular } from './open-file.ts'
import { type PackedFile, readBefore } from './packed-feed.ts'
import { isBundle, PackedFault, packingOf } from './packing.ts'
import { readPacked } from './read-all.ts'
import { tarMembers } from './tar-members.ts'
import { gunzip, stored, wholeFile } from './unpack.ts'
import { UNPACK_LIMITS, Unpacking, type UnpackLimits } from './unpack-limits.ts'
import { zipMembers } from './zip-members.ts'

export type BundleOptions = {
  readonly context: FeedContext
  readonly place: Placing
  readonly tally: FilesTally
  readonly limits?: UnpackLimits
}

/** At most this many unread members are reported, and this many characters of their names. */
const MAX_TOLD = 1000
const MAX_TOLD_NAME = 4096

/** An open bundle; one within another bundle was unpacked first. */
type OpenBundle = FoundBundle & {
  readonly fd: number
  readonly mtimeMs: number
  readonly look: string
  readonly isInside: boolean
}

/**
 * Reads the logs in a `.tar`, `.tar.gz` or `.zip` in the order of the bundle, each to its end. Only a few are unpacked at a
 * time.
 */
export async function* readBundle(bundle: FoundBundle, options: BundleOptions): AsyncGenerator<Collected> {
  const { path } = bundle
  const opened = openRegular(path)
  if ('refused' in opened) {
    options.tally.notRead.push({ path, shown: bundle.shown, reason: opened.refused, detail: opened.detail })
    return
  }
  const { fd, stat } = opened
  const open = { ...bundle, fd, mtimeMs: stat.mtimeMs, look: lookOf(stat), isInside: false }
  const unpacking = new Unpacking(stat.size, options.limits ?? UNPACK_LIMITS, options.context.signal)
  const { tally } = options
  const before = { files: tally.files, notRead: tally.notRead.length }
  try {
    yield* new BundleReading(open, options, unpacking).read()
    const why = tally.notRead[before.notRead]
    const isBroken = tally.broken.some((broken) => broken.path === path)
    if (why === undefined || isBroken || tally.files > before.files) return
    tally.broken.push({ path, reason: why.reason, detail: `nothing of it: ${why.detail}` })
  } finally {
    closeSync(fd)
  }
}

class BundleReading {
  readonly #bundle: OpenBundle
  readonly #options: BundleOptions
  readonly #unpacking: Unpacking
  /** Hashes of names, since a bundle may consist of nothing but names. */
  readonly #names = new Set<string>()
  #refused = 0

  constructor(bundle: OpenBundle, options: BundleOptions, unpacking: Unpacking) {
    this.#bundle = bundle
    this.#options = options
    this.#unpacking = unpacking
  }

  async *read(): AsyncGenerator<Collected> {
    try {
      for await (const member of this.#members()) yield* this.#readMember(member)
      this.#tellRefused()
    } catch (error) {
      const { path, shown } = this.#bundle
      const broken = { path, shown, ...whyBroken(error) }
      this.#options.tally.notRead.push(broken)
      this.#options.tally.broken.push(broken)
    }
  }

  #members(): AsyncGenerator<Member> {
    const { fd, path } = this.#bundle
    const pick = (head: MemberHead) => this.#pick(head)
    const packing = packingOf(path)
    if (packing === 'zip') return zipMembers(fd, pick, this.#unpacking)
    const file = wholeFile(fd)
    const bytes = packing === 'tar' ? stored(file, this.#unpacking) : inflated(file, 'gzip', this.#unpacking)
    return tarMembers(bytes, pick)
  }

  async *#readMember(member: Member): AsyncGenerator<Collected> {
    const { context, tally } = this.#options
    const path = this.#pathOf(member.name)
    if (isBundle(path)) {
      yield* this.#readInside(member)
      return
    }
    const shown = this.#shownOf(member.name)
    const tell = (file: NotRead) => void tally.notRead.push({ ...file, shown })
    tally.files++
    yield* readPacked(await this.#unpacked(member), context, tell)
  }

  async *#readInside(member: Member): AsyncGenerator<Collected> {
    const { fd, name, fault } = member
    const [path, shown] = [this.#pathOf(name), this.#shownOf(name)]
    const look = this.#lookOf(name)
    const inside = { path, shown, fd, mtimeMs: this.#timeOf(member), look, isInside: true }
    try {
      yield* new BundleReading(inside, this.#options, this.#unpacking).read()
      if (fault !== undefined) this.#refuse(name, fault)
    } finally {
      closeSync(fd)
    }
  }

  /** A member that is itself compressed is unpacked again. */
  async #unpacked(member: Member): Promise<PackedFile> {
    const { name, fd, size, fault } = member
    const path = this.#pathOf(name)
    const place = this.#options.place(path, this.#shownOf(name))
    if (place === undefined) throw new Error(`${path} was picked and has no place`)
    const stat = { dev: -1, ino: inodeNumber(path), birthMs: 0, mtimeMs: this.#timeOf(member) }
    const file = { path, place, stat, look: this.#lookOf(name) }
    if (packingOf(path) === 'plain') return { ...file, fd, size, fault }
    try {
      const inner = await gunzip(fd, this.#unpacking)
      return { ...file, fd: inner.file.fd, size: inner.file.size, fault: inner.fault ?? fault }
    } finally {
      closeSync(fd)
    }
  }

  #pick(head: MemberHead): string | undefined {
    this.#unpacking.countMember()
    try {
      return this.#wanted(head)
    } catch (fault) {
      if (!(fault instanceof PackedFault)) throw fault
      this.#refuse(head.name, fault)
      return undefined
    }
  }

  #wanted({ name: written, kind, fault }: MemberHead): string | undefined {
    // The folder from which the bundle was made.
    if (kind === 'folder' && /^(?:\.?\/?)$/.test(written)) return undefined
    const name = memberName(written)
    if (kind === 'folder') return undefined
    const hash = createHash('sha256').update(name).digest('base64')
    if (this.#names.has(hash)) throw new PackedFault('bad-name', 'the bundle has another member of that name')
    this.#names.add(hash)
    if (written.startsWith('/')) this.#noteAbsolute()
    if (fault !== undefined) throw fault
    const { tally, place, context } = this.#options
    const path = this.#pathOf(name)
    if (isBundle(name)) {
      if (!this.#bundle.isInside) return name
      throw new PackedFault('unsupported', 'bundles are read in bundles, but no deeper')
    }
    if (place(path, path) === undefined) {
      tally.passedOver++
      return undefined
    }
    const before = readBefore(path, this.#lookOf(name), context.known)
    if (before === undefined) return name
    tally.files++
    if (before.fault !== undefined) {
      const shown = this.#shownOf(name)
      tally.notRead.push({ path, shown, ...before.fault, isTold: before.bytes > 0 })
    }
    return undefined
  }

  #noteAbsolute(): void {
    const { absolute } = this.#options.tally
    const { path } = this.#bundle
    absolute.set(path, (absolute.get(path) ?? 0) + 1)
  }

  #refuse(name: string, { reason, message }: PackedFault): void {
    this.#refused++
    if (this.#refused > MAX_TOLD) return
    const told = name.slice(0, MAX_TOLD_NAME)
    const [path, shown] = [this.#pathOf(told), this.#shownOf(told)]
    this.#options.tally.notRead.push({ path, shown, reason, detail: message })
  }

  #tellRefused(): void {
    if (this.#refused <= MAX_TOLD) return
    const detail = `${this.#refused - MAX_TOLD} more of its members are not read`
    const { path, shown } = this.#bundle
    this.#options.tally.notRead.push({ path, shown, reason: 'unsupported', detail })
  }

  #pathOf(name: string): string {
    return `${this.#bundle.path}!/${name}`
  }

  #shownOf(name: string): string {
    return `${this.#bundle.shown}!/${name}`
  }

  /** The rotations of a log are in the same bundle. */
  #lookOf(name: string): string {
    return `${this.#bundle.look}!/${name}`
  }

  #timeOf({ mtimeMs }: Member): number {
    return mtimeMs > 0 ? mtimeMs : this.#bundle.mtimeMs
  }
}

/** A fault of the bundle or of the disk; throws anything else. */
function whyBroken(error: unknown): { readonly reason: string; readonly detail: string } {
  if (error instanceof PackedFault) return { reason: error.reason, detail: error.message }
  const detail = errorCode(error)
  if (detail === '') throw error
  return { reason: 'unreadable', detail }
}

/** A member has no inode; this number keeps files apart. */
function inodeNumber(path: string): number {
  return createHash('sha256').update(path).digest().readUIntBE(0, 6)
}

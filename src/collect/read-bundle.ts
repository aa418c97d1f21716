import { createHash } from 'node:crypto'
import { closeSync } from 'node:fs'
import { errorCode } from '../errors.ts'
import type { FoundBundle } from './discover-named.ts'
import type { Collected } from './feed.ts'
import { inflated } from './inflate.ts'
import type { Member, MemberHead } from './member.ts'
import { MemberChoice } from './member-choice.ts'
import type { NotRead } from './not-read.ts'
import { type BundleOptions, memberOf, type OpenBundle } from './open-bundle.ts'
import { lookOf, openRegular } from './open-file.ts'
import type { PackedFile } from './packed-feed.ts'
import { isBundle, PackedFault, packingOf } from './packing.ts'
import { readPacked } from './read-all.ts'
import { tarMembers } from './tar-members.ts'
import { gunzip, stored, wholeFile } from './unpack.ts'
import { UNPACK_LIMITS, Unpacking } from './unpack-limits.ts'
import { zipMembers } from './zip-members.ts'

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

/** Reads one bundle, and the bundles in it by others of its kind, under one account of what was unpacked. */
class BundleReading {
  readonly #bundle: OpenBundle
  readonly #options: BundleOptions
  readonly #unpacking: Unpacking
  readonly #choice: MemberChoice

  constructor(bundle: OpenBundle, options: BundleOptions, unpacking: Unpacking) {
    this.#bundle = bundle
    this.#options = options
    this.#unpacking = unpacking
    this.#choice = new MemberChoice(bundle, options, unpacking)
  }

  async *read(): AsyncGenerator<Collected> {
    try {
      for await (const member of this.#members()) yield* this.#readMember(member)
      this.#choice.tellRefused()
    } catch (error) {
      const { path, shown } = this.#bundle
      const broken = { path, shown, ...whyBroken(error) }
      this.#options.tally.notRead.push(broken)
      this.#options.tally.broken.push(broken)
    }
  }

  #members(): AsyncGenerator<Member> {
    const { fd, path } = this.#bundle
    const pick = (head: MemberHead) => this.#choice.pick(head)
    const packing = packingOf(path)
    if (packing === 'zip') return zipMembers(fd, pick, this.#unpacking)
    const file = wholeFile(fd)
    const bytes = packing === 'tar' ? stored(file, this.#unpacking) : inflated(file, 'gzip', this.#unpacking)
    return tarMembers(bytes, pick)
  }

  async *#readMember(member: Member): AsyncGenerator<Collected> {
    const { context, tally } = this.#options
    const { path, shown } = memberOf(this.#bundle, member.name)
    if (isBundle(path)) {
      yield* this.#readInside(member)
      return
    }
    const tell = (file: NotRead) => void tally.notRead.push({ ...file, shown })
    tally.files++
    yield* readPacked(await this.#unpacked(member), context, tell)
  }

  async *#readInside(member: Member): AsyncGenerator<Collected> {
    const { fd, name, fault } = member
    const inside = {
      ...memberOf(this.#bundle, name),
      ...{ fd, mtimeMs: this.#timeOf(member), isInside: true },
    }
    try {
      yield* new BundleReading(inside, this.#options, this.#unpacking).read()
      if (fault !== undefined) this.#choice.refuse(name, fault)
    } finally {
      closeSync(fd)
    }
  }

  /** A member that is itself compressed is unpacked again. */
  async #unpacked(member: Member): Promise<PackedFile> {
    const { name, fd, size, fault } = member
    const { path, shown, look } = memberOf(this.#bundle, name)
    const place = this.#options.place(path, shown)
    if (place === undefined) throw new Error(`${path} was picked and has no place`)
    const stat = { dev: -1, ino: inodeNumber(path), birthMs: 0, mtimeMs: this.#timeOf(member) }
    const file = { path, place, stat, look }
    if (packingOf(path) === 'plain') return { ...file, fd, size, fault }
    try {
      const inner = await gunzip(fd, this.#unpacking)
      return { ...file, fd: inner.file.fd, size: inner.file.size, fault: inner.fault ?? fault }
    } finally {
      closeSync(fd)
    }
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

import { createHash } from 'node:crypto'
import type { MemberHead } from './member.ts'
import { memberName } from './member-name.ts'
import { type BundleOptions, memberOf, type OpenBundle } from './open-bundle.ts'
import { readBefore } from './packed-feed.ts'
import { isBundle, PackedFault } from './packing.ts'
import type { Unpacking } from './unpack-limits.ts'

/** At most this many unread members are reported, and this many characters of their names. */
const MAX_TOLD = 1000
const MAX_TOLD_NAME = 4096

/** Decides which members of a bundle are read, and reports those that cannot be. */
export class MemberChoice {
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

  /** The clean name of a member that is to be read; undefined for any other. Throws what ends the reading of the bundle. */
  pick(head: MemberHead): string | undefined {
    this.#unpacking.countMember()
    try {
      return this.#wanted(head)
    } catch (fault) {
      if (!(fault instanceof PackedFault)) throw fault
      this.refuse(head.name, fault)
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
    const { path, shown, look } = memberOf(this.#bundle, name)
    if (isBundle(name)) {
      if (!this.#bundle.isInside) return name
      throw new PackedFault('unsupported', 'bundles are read in bundles, but no deeper')
    }
    if (place(path, path) === undefined) {
      tally.passedOver++
      return undefined
    }
    const before = readBefore(path, look, context.known)
    if (before === undefined) return name
    tally.files++
    if (before.fault !== undefined) {
      tally.notRead.push({ path, shown, ...before.fault, isTold: before.bytes > 0 })
    }
    return undefined
  }

  #noteAbsolute(): void {
    const { absolute } = this.#options.tally
    const { path } = this.#bundle
    absolute.set(path, (absolute.get(path) ?? 0) + 1)
  }

  /** Reports a member as not read; of many, only their number. */
  refuse(name: string, { reason, message }: PackedFault): void {
    this.#refused++
    if (this.#refused > MAX_TOLD) return
    const { path, shown } = memberOf(this.#bundle, name.slice(0, MAX_TOLD_NAME))
    this.#options.tally.notRead.push({ path, shown, reason, detail: message })
  }

  /** Reports how many more were refused than were told; to be called after the last member. */
  tellRefused(): void {
    if (this.#refused <= MAX_TOLD) return
    const detail = `${this.#refused - MAX_TOLD} more of its members are not read`
    const { path, shown } = this.#bundle
    this.#options.tally.notRead.push({ path, shown, reason: 'unsupported', detail })
  }
}

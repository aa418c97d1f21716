import type { PackedFault } from './packing.ts'

/** What a bundle says about a member before its content. */
export type MemberHead = {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'other'
  /** What it is if neither file nor folder, or why it cannot be unpacked. */
  readonly fault?: PackedFault
}

/** A member, unpacked as far as possible; the receiver closes `fd`. */
export type Member = {
  /** Within its bundle, with slashes. */
  readonly name: string
  readonly fd: number
  readonly size: number
  /** 0 if the bundle does not say. */
  readonly mtimeMs: number
  readonly fault: PackedFault | undefined
}

/** Decides about a member: returns its clean name if it is wanted. Throws a fault that ends the reading of the bundle. */
export type Pick = (head: MemberHead) => string | undefined

/** A time that fits into a row; a bundle may contain any value. */
export function memberTime(date: Date | undefined): number {
  const ms = date?.getTime() ?? 0
  return ms > 0 && ms < Date.UTC(2100) ? ms : 0
}

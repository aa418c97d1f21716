import type { PackedFault } from './packing.ts'

/** What a bundle says of one of its members before its content. */
export type MemberHead = {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'other'
  /** What it is, where it is no file or folder, or why it cannot be unpacked. */
  readonly fault?: PackedFault
}

/** A member that was unpacked, as far as that was possible; who gets it closes `fd`. */
export type Member = {
  /** Inside of its bundle, with slashes. */
  readonly name: string
  readonly fd: number
  readonly size: number
  /** 0 where the bundle does not say. */
  readonly mtimeMs: number
  readonly fault: PackedFault | undefined
}

/** Is this member wanted? Gives its clean name if so. Throws a fault that ends the reading of the bundle. */
export type Pick = (head: MemberHead) => string | undefined

/** A time that may stand in a row; what a bundle says may be anything. */
export function memberTime(date: Date | undefined): number {
  const ms = date?.getTime() ?? 0
  return ms > 0 && ms < Date.UTC(2100) ? ms : 0
}

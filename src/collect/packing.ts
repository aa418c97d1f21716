import { basename } from 'node:path'

/** How the bytes of a file are wrapped, by its name. */
export type Packing = 'plain' | 'gzip' | 'tar' | 'tar-gzip' | 'zip'

export function packingOf(path: string): Packing {
  const name = basename(path)
  if (/\.(?:tgz|tar\.gz)$/i.test(name)) return 'tar-gzip'
  if (/\.tar$/i.test(name)) return 'tar'
  if (/\.zip$/i.test(name)) return 'zip'
  return name.endsWith('.gz') ? 'gzip' : 'plain'
}

/** Does a file of this name hold other files? */
export function isBundle(path: string): boolean {
  const packing = packingOf(path)
  return packing !== 'plain' && packing !== 'gzip'
}

/** Is it compressed in a way that is not supported, by its name? Its bytes are no text. */
export function isUnsupported(path: string): boolean {
  return UNSUPPORTED.test(path)
}

/** The ends of such names, as a glob says them. */
export const UNSUPPORTED_ENDS = ['.xz', '.bz2', '.zst', '.lz4', '.lzma', '.7z', '.rar', '.Z'] as const
const UNSUPPORTED = new RegExp(
  `\\.(?:${UNSUPPORTED_ENDS.map((end) => end.slice(1)).join('|')}|t[xb]z2?)$`,
  'i',
)

/** Why the bytes of a packed file cannot be had, or not all of them. The list is closed. */
export type FaultReason =
  /** It ends too early: it was cut, or is still being written. */
  | 'incomplete'
  | 'damaged'
  /** It unpacks to more than is reasonable. */
  | 'bomb'
  | 'encrypted'
  /** Its name tells a lie or cannot be shown. */
  | 'bad-name'
  | 'not-a-file'
  | 'unsupported'
  | 'no-space'
  /** The program was asked to end. */
  | 'stopped'

/** A fault of a packed file; an ordinary thing, which is told of, not a fault of the program. */
export class PackedFault extends Error {
  readonly reason: FaultReason

  constructor(reason: FaultReason, detail: string) {
    super(detail)
    this.name = 'PackedFault'
    this.reason = reason
  }
}

/** Is something of the file read for all that? */
export function isPartly({ reason }: { readonly reason: string }): boolean {
  return reason === 'incomplete' || reason === 'damaged' || reason === 'no-space'
}

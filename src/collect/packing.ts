import { basename } from 'node:path'

/** How a file is packed, according to its name. */
export type Packing = 'plain' | 'gzip' | 'tar' | 'tar-gzip' | 'zip'

/** How a file is packed, by the end of its name alone; it is not opened. */
export function packingOf(path: string): Packing {
  const name = basename(path)
  if (/\.(?:tgz|tar\.gz)$/i.test(name)) return 'tar-gzip'
  if (/\.tar$/i.test(name)) return 'tar'
  if (/\.zip$/i.test(name)) return 'zip'
  return name.endsWith('.gz') ? 'gzip' : 'plain'
}

/** Does a file with this name contain other files? */
export function isBundle(path: string): boolean {
  const packing = packingOf(path)
  return packing !== 'plain' && packing !== 'gzip'
}

/** Is it compressed in an unsupported way, according to its name? Its bytes are not text. */
export function isUnsupported(path: string): boolean {
  return UNSUPPORTED.test(path)
}

/** The extensions of such files, for globs. */
export const UNSUPPORTED_ENDS = ['.xz', '.bz2', '.zst', '.lz4', '.lzma', '.7z', '.rar', '.Z'] as const
const UNSUPPORTED = new RegExp(
  `\\.(?:${UNSUPPORTED_ENDS.map((end) => end.slice(1)).join('|')}|t[xb]z2?)$`,
  'i',
)

/** Why a packed file cannot be read, or not completely. The list is closed. */
export type FaultReason =
  /** It ends too early: it was truncated, or is still being written. */
  | 'incomplete'
  | 'damaged'
  /** It unpacks to more than is reasonable. */
  | 'bomb'
  | 'encrypted'
  /** Its name is misleading or cannot be shown. */
  | 'bad-name'
  | 'not-a-file'
  | 'unsupported'
  | 'no-space'
  /** The program was asked to stop. */
  | 'stopped'

/** A fault of a packed file: an ordinary event that is reported, not a bug. */
export class PackedFault extends Error {
  readonly reason: FaultReason

  constructor(reason: FaultReason, detail: string) {
    super(detail)
    this.name = 'PackedFault'
    this.reason = reason
  }
}

/** Is some of the file read nevertheless? */
export function isPartly({ reason }: { readonly reason: string }): boolean {
  return reason === 'incomplete' || reason === 'damaged' || reason === 'no-space'
}

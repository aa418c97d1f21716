import { readSync } from 'node:fs'
import { inflated, type Range } from './inflate.ts'
import { isPartly, PackedFault } from './packing.ts'
import { type TempFile, tempFile } from './temp-file.ts'
import type { Unpacking } from './unpack-limits.ts'

const PIECE_BYTES = 64 * 1024

/** Unpacked content, as far as possible; the receiver closes the file. */
export type Unpacked = { readonly file: TempFile; readonly fault: PackedFault | undefined }

/** All bytes of a file, from 0 to wherever it ends when it is read. */
export function wholeFile(fd: number): Range {
  return { fd, from: 0, to: Number.POSITIVE_INFINITY }
}

/** The bytes of a range that is not compressed. */
export async function* stored({ fd, from, to }: Range, unpacking: Unpacking): AsyncGenerator<Buffer> {
  for (let position = from; position < to; ) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES)
    const got = readSync(fd, piece, 0, Math.min(PIECE_BYTES, to - position), position)
    if (got === 0) return
    position += got
    unpacking.count(got)
    yield piece.subarray(0, got)
  }
}

/** Unpacks an open gzip file to its end or its fault. */
export function gunzip(fd: number, unpacking: Unpacking): Promise<Unpacked> {
  return toTempFile(inflated(wholeFile(fd), 'gzip', unpacking))
}

/**
 * Writes the bytes to a temporary file, up to their end or fault. Throws faults that make it useless, and errors that are not
 * faults of a packed file.
 */
export async function toTempFile(bytes: AsyncIterable<Buffer>): Promise<Unpacked> {
  const file = tempFile()
  try {
    for await (const piece of bytes) file.write(piece)
    return { file, fault: undefined }
  } catch (fault) {
    if (fault instanceof PackedFault && isPartly(fault)) return { file, fault }
    file.close()
    throw fault
  }
}

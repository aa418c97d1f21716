import { readSync } from 'node:fs'
import { createGunzip, createInflateRaw } from 'node:zlib'
import { errorCode } from '../errors.ts'
import { PackedFault } from './packing.ts'
import type { Unpacking } from './unpack-limits.ts'

/** Bytes [from, to) of an open file. */
export type Range = { readonly fd: number; readonly from: number; readonly to: number }

/** A piece of this size unpacks to at most a thousand times as much, which fits into memory. */
const PIECE_BYTES = 16 * 1024
/**
 * A faulty piece is unpacked again in ever smaller steps, so that everything before the fault comes out, as with `gzip -dc`.
 */
const STEPS = [PIECE_BYTES, 256, 1] as const
/** zlib's message if something else follows the compressed data. */
const NO_HEADER = 'incorrect header check'
const CHUNK_BYTES = 128 * 1024

const INFLATERS = { gzip: createGunzip, deflate: createInflateRaw }
type Compression = keyof typeof INFLATERS

/**
 * Yields the unpacked content of a range. If the range is truncated or damaged, throws a fault after everything that can be
 * unpacked before it.
 */
export async function* inflated(
  range: Range,
  compression: Compression,
  unpacking: Unpacking,
): AsyncGenerator<Buffer> {
  const inflating = new Inflating(range, compression)
  let given = 0
  try {
    for (;;) {
      const chunks = await inflating.next(PIECE_BYTES)
      if (chunks === undefined) return
      for (const bytes of chunks) {
        unpacking.count(bytes.length)
        given += bytes.length
        yield bytes
      }
    }
  } catch (error) {
    if (!(error instanceof PackedFault) || error.reason !== 'damaged') throw error
    // The content of a faulty piece before its fault was not yielded yet.
    const rest = await restBefore(() => new Inflating(range, compression), given)
    unpacking.count(rest.length)
    yield rest
    if (given + rest.length === 0 || !error.message.endsWith(NO_HEADER)) throw error
    throw new PackedFault('damaged', 'what follows its end is not compressed data, and is left out')
  } finally {
    inflating.close()
  }
}

/** The output before the fault, after the first `given` bytes. */
async function restBefore(begin: () => Inflating, given: number): Promise<Buffer> {
  let before: Before = { rest: [], goodUntil: 0 }
  for (const step of STEPS) before = await unpackedBefore(begin(), given, { ...before, step })
  return Buffer.concat(before.rest)
}

/** The output, and how far the packed bytes are without fault. */
type Before = { readonly rest: readonly Buffer[]; readonly goodUntil: number }

async function unpackedBefore(
  again: Inflating,
  given: number,
  { goodUntil, step }: { readonly goodUntil: number; readonly step: number },
): Promise<Before> {
  const rest: Buffer[] = []
  let skip = given
  let good = again.position
  try {
    for (;;) {
      const known = goodUntil - again.position
      const chunks = await again.next(known > 0 ? Math.min(PIECE_BYTES, known) : step)
      if (chunks === undefined) break
      good = again.position
      for (const bytes of chunks) {
        if (skip < bytes.length) rest.push(bytes.subarray(skip))
        skip = Math.max(0, skip - bytes.length)
      }
    }
  } catch (error) {
    if (!(error instanceof PackedFault)) throw error
  } finally {
    again.close()
  }
  return { rest, goodUntil: good }
}

/** Unpacks piece by piece, as fast as it is asked. */
class Inflating {
  position: number
  readonly #range: Range
  readonly #inflater: ReturnType<typeof createGunzip>
  readonly #piece = Buffer.alloc(PIECE_BYTES)
  #out: Buffer[] = []
  #failure: Error | undefined
  #onDone = () => {}
  #ended = false

  constructor(range: Range, compression: Compression) {
    this.#range = range
    this.position = range.from
    this.#inflater = INFLATERS[compression]({ chunkSize: CHUNK_BYTES })
    this.#inflater.on('data', (bytes: Buffer) => this.#out.push(bytes))
    // It comes early if something else follows the compressed data, which is ignored, as gzip does.
    this.#inflater.on('end', () => {
      this.#ended = true
      this.#onDone()
    })
    this.#inflater.on('error', (error) => {
      this.#failure = error
      this.#onDone()
    })
  }

  /** The content of the next `size` packed bytes, which may be empty; undefined at the end. */
  async next(size: number): Promise<readonly Buffer[] | undefined> {
    if (this.#ended) return undefined
    const { fd, to } = this.#range
    const got = readSync(fd, this.#piece, 0, Math.min(size, to - this.position), this.position)
    this.position += got
    await new Promise<void>((resolve) => {
      this.#onDone = resolve
      if (got === 0) this.#inflater.end()
      else this.#inflater.write(this.#piece.subarray(0, got), () => resolve())
    })
    if (this.#failure !== undefined) throw faultOf(this.#failure)
    const chunks = this.#out
    this.#out = []
    return chunks
  }

  close(): void {
    this.#inflater.destroy()
  }
}

function faultOf(error: Error): PackedFault {
  if (errorCode(error) === 'Z_BUF_ERROR') return new PackedFault('incomplete', 'it ends too early')
  return new PackedFault('damaged', `its compressed data has a fault: ${error.message}`)
}

import { PackedFault } from './packing.ts'

/** What a packed file may grow to when it is unpacked. */
export type UnpackLimits = {
  readonly maxBytes: number
  /** Times its own size; only asked beyond `freeBytes`, as small logs may repeat themselves as they like. */
  readonly maxRatio: number
  readonly freeBytes: number
  readonly maxMembers: number
}

const [MIB, GIB] = [1024 ** 2, 1024 ** 3]

/** Logs shrink to a tenth or a thirtieth; what shrinks to a two-hundredth and is large was made to fill a disk. */
export const UNPACK_LIMITS: UnpackLimits = {
  maxBytes: 64 * GIB,
  maxRatio: 200,
  freeBytes: 64 * MIB,
  maxMembers: 100_000,
}

/** Counts what comes out of one packed file, with all that is packed inside of it. */
export class Unpacking {
  readonly #packedBytes: number
  readonly #limits: UnpackLimits
  readonly #signal: AbortSignal | undefined
  #bytes = 0
  #members = 0

  constructor(packedBytes: number, limits: UnpackLimits, signal?: AbortSignal) {
    this.#packedBytes = packedBytes
    this.#limits = limits
    this.#signal = signal
  }

  /** Throws a fault if so many bytes more are too many, or if it is time to stop. */
  count(bytes: number): void {
    if (this.#signal?.aborted === true) throw new PackedFault('stopped', 'the program was asked to end')
    const { freeBytes, maxBytes, maxRatio } = this.#limits
    this.#bytes += bytes
    if (this.#bytes > maxBytes) throw new PackedFault('bomb', `it unpacks to more than ${maxBytes} bytes`)
    if (this.#bytes > freeBytes && this.#bytes > maxRatio * this.#packedBytes) {
      throw new PackedFault('bomb', `it unpacks to more than ${maxRatio} times its size`)
    }
  }

  /** Throws a fault if one member more is one too many. */
  countMember(): void {
    this.#members++
    const { maxMembers } = this.#limits
    if (this.#members > maxMembers) throw new PackedFault('bomb', `it has more than ${maxMembers} members`)
  }
}

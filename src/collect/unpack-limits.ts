import { PackedFault } from './packing.ts'

/** Limits for the unpacked size of a packed file. */
export type UnpackLimits = {
  readonly maxBytes: number
  /** Multiple of its packed size; applies only above `freeBytes`, since small logs may be repetitive. */
  readonly maxRatio: number
  readonly freeBytes: number
  readonly maxMembers: number
}

const [MIB, GIB] = [1024 ** 2, 1024 ** 3]

/** Logs shrink to a tenth or a thirtieth. A large file that shrinks to a two-hundredth was made to fill a disk. */
export const UNPACK_LIMITS: UnpackLimits = {
  maxBytes: 64 * GIB,
  maxRatio: 200,
  freeBytes: 64 * MIB,
  maxMembers: 100_000,
}

/** Counts the output of one packed file, including everything packed within it. */
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

  /** Throws a fault if this many more bytes are too many, or if it is time to stop. */
  count(bytes: number): void {
    if (this.#signal?.aborted === true) throw new PackedFault('stopped', 'the program was asked to end')
    const { freeBytes, maxBytes, maxRatio } = this.#limits
    this.#bytes += bytes
    if (this.#bytes > maxBytes) throw new PackedFault('bomb', `it unpacks to more than ${maxBytes} bytes`)
    if (this.#bytes > freeBytes && this.#bytes > maxRatio * this.#packedBytes) {
      throw new PackedFault('bomb', `it unpacks to more than ${maxRatio} times its size`)
    }
  }

  /** Throws a fault if there is one member too many. */
  countMember(): void {
    this.#members++
    const { maxMembers } = this.#limits
    if (this.#members > maxMembers) throw new PackedFault('bomb', `it has more than ${maxMembers} members`)
  }
}

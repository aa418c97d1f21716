import type { HotFiles } from './hot-files.ts'
import type { NotRead } from './not-read.ts'

export type OpenRoomOptions = {
  /**
   * At most this many files are read to their ends at a time (others wait, closed), and at most this many are kept open when
   * quiet.
   */
  readonly maxHot: number
  readonly onNotRead: (file: NotRead) => void
}

/** No file is opened while this many times `maxHot` files are open: quiet ones are closed first. */
const MOST_OPEN = 4

/** How many files may be open; fewer once the system gave no descriptors, so that the rest of the program has some. */
export class OpenRoom {
  readonly #hot: HotFiles
  readonly #options: OpenRoomOptions
  #maxHot: number
  #lacksDescriptors = false

  constructor(hot: HotFiles, options: OpenRoomOptions) {
    this.#hot = hot
    this.#options = options
    this.#maxHot = options.maxHot
  }

  get maxHot(): number {
    return this.#maxHot
  }

  /** Could a file not be opened since the scan began? */
  get lacksDescriptors(): boolean {
    return this.#lacksDescriptors
  }

  /** May another file be opened, or must it wait until others are read or closed? */
  get hasRoom(): boolean {
    return this.#hot.backlog < this.#maxHot && this.#hot.size < MOST_OPEN * this.#maxHot
  }

  beginScan(): void {
    this.#lacksDescriptors = false
  }

  /** The system gave no descriptor for this path: fewer files are kept open from now on. The first time is reported. */
  shrink(path: string, code: string): void {
    if (this.#maxHot === this.#options.maxHot) {
      const detail = `${code}: files are read one after the other from now on; raise the limit of open files (LimitNOFILE, ulimit -n)`
      this.#options.onNotRead({ path, reason: 'too-many-open', detail })
    }
    this.#maxHot = Math.max(1, Math.min(this.#maxHot - 1, Math.floor(this.#hot.size / 2)))
    this.#lacksDescriptors = true
  }
}

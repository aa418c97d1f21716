import { fstatSync } from 'node:fs'
import TailFile from '@logdna/tail-file'

/**
 * Follows one open file as it grows. Pull-based: `read` returns what has arrived; `onMore` is called when there is something.
 */
export type Tail = {
  /** The next bytes, or undefined if there are none yet. */
  read(): Buffer | undefined
  /**
   * Why nothing follows what `read` still returns: the file became shorter than what was read, or reading failed. Undefined
   * while it goes on.
   */
  readonly over: 'truncated' | 'failed' | undefined
  /** Calls `then` when the descriptor is no longer used; before that, its number must not be reused. */
  close(then?: () => void): void
}

const READ_BYTES = 256 * 1024
/** Room for what a quiet log gains at a time. */
const LEAST_READ_BYTES = 4 * 1024

/**
 * Follows the inode behind a descriptor from `position` on, whatever happens to its name. The only door to @logdna/tail-file,
 * which gets the descriptor's path so that renaming or unlinking cannot mislead it.
 */
export function followDescriptor(fd: number, position: number, pollMs: number, onMore: () => void): Tail {
  let taken = position
  const tail = new EndingTail(`/proc/self/fd/${fd}`, {
    startPos: position,
    pollFileIntervalMs: pollMs,
    highWaterMark: READ_BYTES,
    readStreamOpts: {
      // Asked for at each reading: each allocates two buffers of this size, most often for one line.
      get highWaterMark() {
        return Math.min(READ_BYTES, Math.max(LEAST_READ_BYTES, fstatSync(fd).size - taken))
      },
    },
  })
  const next = () => {
    const bytes = tail.read() as Buffer | null
    taken += bytes?.length ?? 0
    return bytes ?? undefined
  }
  const kept: Buffer[] = []
  let over: Tail['over']
  let closed = false
  const fail = () => {
    if (closed || over !== undefined) return
    over = 'failed'
    onMore()
  }
  tail.on('readable', onMore)
  // After `truncated` it starts again at 0; what was read before is still valid.
  tail.on('truncated', () => {
    for (let bytes = tail.read(); bytes !== null; bytes = tail.read()) kept.push(bytes)
    over = 'truncated'
    onMore()
  })
  tail.on('error', fail)
  tail.on('tail_error', fail)
  tail.start().catch(fail)
  return {
    read: () => kept.shift() ?? (over === undefined ? next() : undefined),
    get over() {
      return over
    },
    close: (then = () => {}) => {
      closed = true
      void tail.finish().then(then)
    },
  }
}

/** Steps of tail-file 4.0.2 that its types do not contain. With an error, `quit` ends at once instead of reading once more. */
type Steps = {
  _pollFileForChanges(): Promise<void>
  _readChunks(stream: unknown): Promise<void>
  quit(error: Error): Promise<void>
}

const steps = TailFile.prototype as unknown as Steps

/**
 * tail-file with a proper end. By itself it keeps polling a path of /proc after it was destroyed, with the number of a
 * descriptor that may belong to another file by then, and keeps a stream open that nobody reads.
 */
class EndingTail extends TailFile {
  #ending = false
  #underWay: Promise<unknown> = Promise.resolve()

  override start(): Promise<void> {
    const started = super.start()
    this.#underWay = started
    return started
  }

  _pollFileForChanges(): Promise<void> {
    if (this.#ending) return Promise.resolve()
    const step = steps._pollFileForChanges.call(this)
    this.#underWay = step
    return step
  }

  /** Also called by the stream itself, where nobody would hear of a failure. */
  async _readChunks(stream: unknown): Promise<void> {
    try {
      await steps._readChunks.call(this, stream)
    } catch (error) {
      if (!this.#ending) this.emit('tail_error', error)
    }
  }

  /** Takes no further step, and resolves when the current one is over. */
  async finish(): Promise<void> {
    this.#ending = true
    await this.#underWay.catch(() => {})
    await steps.quit.call(this, new Error('finished'))
  }
}

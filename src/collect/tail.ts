import TailFile from '@logdna/tail-file'

/** Follows one open file as it grows. Pull: `read` gives what has arrived, `onMore` is called when there is something. */
export type Tail = {
  /** Bytes that follow the ones given before, or undefined when there are none yet. */
  read(): Buffer | undefined
  /**
   * Why nothing more comes after what `read` still gives: the file became shorter than what was read, or reading failed;
   * undefined while it goes on.
   */
  readonly over: 'truncated' | 'failed' | undefined
  /** Calls `then` when the descriptor is not looked at any more: its number may be another file's after that. */
  close(then?: () => void): void
}

const READ_BYTES = 256 * 1024

/**
 * Follows the inode behind a descriptor from `position` on, whatever becomes of its name. The only door to @logdna/tail-file,
 * which is given the descriptor's path so that a rename or an unlink cannot mislead it.
 */
export function followDescriptor(fd: number, position: number, pollMs: number, onMore: () => void): Tail {
  const tail = new EndingTail(`/proc/self/fd/${fd}`, {
    startPos: position,
    pollFileIntervalMs: pollMs,
    highWaterMark: READ_BYTES,
    readStreamOpts: { highWaterMark: READ_BYTES },
  })
  const kept: Buffer[] = []
  let over: Tail['over']
  let closed = false
  const fail = () => {
    if (closed || over !== undefined) return
    over = 'failed'
    onMore()
  }
  tail.on('readable', onMore)
  // After `truncated` it starts again at 0; what had been read before is still good.
  tail.on('truncated', () => {
    for (let bytes = tail.read(); bytes !== null; bytes = tail.read()) kept.push(bytes)
    over = 'truncated'
    onMore()
  })
  tail.on('error', fail)
  tail.on('tail_error', fail)
  tail.start().catch(fail)
  return {
    read: () =>
      kept.shift() ?? (over === undefined ? ((tail.read() as Buffer | null) ?? undefined) : undefined),
    get over() {
      return over
    },
    close: (then = () => {}) => {
      closed = true
      void tail.finish().then(then)
    },
  }
}

/** Steps of tail-file 4.0.2 that its types do not name. With an error, `quit` ends at once instead of reading once more. */
type Steps = {
  _pollFileForChanges(): Promise<void>
  _readChunks(stream: unknown): Promise<void>
  quit(error: Error): Promise<void>
}

const steps = TailFile.prototype as unknown as Steps

/**
 * tail-file with an end. Left to itself it goes on polling a path of /proc after it was destroyed, with the number of a
 * descriptor that may be another file's by then, and keeps a stream open that nobody reads.
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

  /** Takes no new step, and resolves when the one under way is over. */
  async finish(): Promise<void> {
    this.#ending = true
    await this.#underWay.catch(() => {})
    await steps.quit.call(this, new Error('finished'))
  }
}

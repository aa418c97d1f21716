import TailFile from '@logdna/tail-file'

/** Follows one open file as it grows. Pull: `read` gives what has arrived, `onMore` is called when there is something. */
export type Tail = {
  /** Bytes that follow the ones given before, or undefined when there are none yet. */
  read(): Buffer | undefined
  /** The file became shorter than what was read: what comes after is not given any more. */
  readonly truncated: boolean
  close(): void
}

const READ_BYTES = 256 * 1024

/**
 * Follows the inode behind a descriptor from `position` on, whatever becomes of its name. The only door to @logdna/tail-file,
 * which is given the descriptor's path so that a rename or an unlink cannot mislead it.
 */
export function followDescriptor(fd: number, position: number, pollMs: number, onMore: () => void): Tail {
  const tail = new TailFile(`/proc/self/fd/${fd}`, {
    startPos: position,
    pollFileIntervalMs: pollMs,
    highWaterMark: READ_BYTES,
    readStreamOpts: { highWaterMark: READ_BYTES },
  })
  const kept: Buffer[] = []
  let truncated = false
  let closed = false
  // `quit` reads once more and closes its descriptor; what it reads is of no use any more.
  const close = () => {
    if (closed) return
    closed = true
    tail.resume()
    tail.quit().then(
      () => tail.destroy(),
      () => tail.destroy(),
    )
  }
  tail.on('readable', onMore)
  // After `truncated` it starts again at 0; what had been read before is still good.
  tail.on('truncated', () => {
    for (let bytes = tail.read(); bytes !== null; bytes = tail.read()) kept.push(bytes)
    truncated = true
    close()
    onMore()
  })
  // Trouble with one file is found again by the scan, which opens it anew.
  tail.on('error', close)
  tail.on('tail_error', () => {})
  tail.start().catch(close)
  return {
    read: () => kept.shift() ?? (closed ? undefined : ((tail.read() as Buffer | null) ?? undefined)),
    get truncated() {
      return truncated
    },
    close,
  }
}

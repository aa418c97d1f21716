import type { Collected } from '../feed.ts'
import { alignedBuffer } from '../workspace.ts'
import type { CollectedReport } from './messages.ts'

/** The chunk of a report, as if it had been read in this process. */
export function received({ chunk, losses, checkpoint }: CollectedReport): Collected {
  const bytes = alignedBuffer(chunk.used)
  chunk.bytes.copy(bytes)
  return {
    chunk: { ...chunk, bytes },
    losses,
    checkpoint: () => ({ ...checkpoint, memory: structuredClone(chunk.memory) }),
  }
}

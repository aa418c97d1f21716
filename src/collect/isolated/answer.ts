import type { FileMemory, SourceFile } from '../../model.ts'
import type { Checkpoint } from '../checkpoint.ts'
import type { Collected } from '../feed.ts'
import type { CollectedReport } from './messages.ts'
import { replaceMemory } from './reading-process.ts'
import { received } from './received.ts'

/** The chunks with which a reading process answered: those that are not taken yet, and those taken of the last answer. */
export class Answer {
  readonly #note: (checkpoint: Checkpoint) => void
  #ready: CollectedReport[] = []
  #taken: Collected[] = []

  /** `note` is told how far a file was read. */
  constructor(note: (checkpoint: Checkpoint) => void) {
    this.#note = note
  }

  /** Is there a chunk that is not taken yet? */
  get hasMore(): boolean {
    return this.#ready.length > 0
  }

  /** Chunks were read. Those of an earlier answer that are not taken yet are forgotten. */
  put(chunks: readonly CollectedReport[]): void {
    this.#ready = [...chunks]
  }

  /** Takes the next chunk, if there is one. The previous chunk is then finished. */
  take(): Collected | undefined {
    const ready = this.#ready.shift()
    if (ready === undefined) return undefined
    const taken = received(ready)
    const { file } = taken.chunk
    // When it was read, nobody knew yet what an earlier chunk of the same file leads to.
    const before = this.#taken.findLast(({ chunk }) => isSameFile(chunk.file, file))
    if (before !== undefined) replaceMemory(taken.chunk, before.chunk.memory)
    this.#taken.push(taken)
    return taken
  }

  /**
   * The chunks that were taken have been interpreted: notes where they ended, and returns what the process must remember for
   * the next ones.
   */
  settle(): FileMemory[] {
    const taken = this.#taken
    this.#taken = []
    for (const { checkpoint } of taken) this.#note(checkpoint())
    return taken.map(({ chunk }) => chunk.memory)
  }
}

function isSameFile(one: SourceFile, other: SourceFile): boolean {
  return one.fileId === other.fileId && one.generation === other.generation
}

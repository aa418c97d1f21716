import type { Clock } from './clock.ts'
import type { Checkpoint } from './collect/checkpoint.ts'
import type { Collected } from './collect/feed.ts'
import { keyOf } from './collect/known-files.ts'
import type { Interpret } from './interpret/interpret.ts'
import type { Loss } from './model.ts'
import { Batch, type BatchLimits, type BatchNames } from './store/batch.ts'
import type { Copies } from './store/copies.ts'
import type { Inserter } from './store/inserter.ts'
import type { Journal } from './store/journal.ts'
import { LinesBlock } from './store/lines-block.ts'

/** Gives the next chunk of records, or what cannot be had; `idle` when none came in time, `end` when there will be none. */
type Collect = (waitMs: number) => Promise<Collected | Unread | 'idle' | 'end'>

/** For files of which nothing is read this time: their losses, and the checkpoints of those that were read earlier. */
export type Unread = { readonly losses: readonly Loss[]; readonly settled: readonly Checkpoint[] }

export type Stages = {
  readonly collect: Collect
  /** What is known when a batch begins; it counts for all of the batch. */
  readonly knowledge: () => { readonly interpret: Interpret; readonly rules: { readonly version: string } }
  readonly journal: Journal<Checkpoint>
  readonly inserter: Inserter<Checkpoint>
  readonly names: BatchNames
  readonly copies: Copies
  readonly limits: BatchLimits
  readonly clock: Clock
}

/**
 * The write path. Bytes become records (`collect`), records get their meaning (`interpret`), rows go to the journal as the
 * very bytes that are inserted, and when the store has them the offsets are committed. Each stage asks for the next piece
 * when it is ready, so that a slow store slows the reading and the disk is the buffer.
 */
export async function runPipeline(stages: Stages): Promise<void> {
  const { collect, journal, inserter, names, copies, limits, clock } = stages
  const lines = new LinesBlock()
  let knowledge = stages.knowledge()
  let batch: Batch<Checkpoint> | undefined
  for (;;) {
    const collected = await collect(batch?.restMs(limits, clock.nowMs()) ?? limits.maxAgeMs)
    if (typeof collected !== 'string') {
      const nowMs = clock.nowMs()
      if (batch === undefined) {
        knowledge = stages.knowledge()
        inserter.gathers(nowMs)
        batch = new Batch(journal, lines, {
          name: names.next(nowMs),
          nowMs,
          ruleSet: knowledge.rules.version,
          copies,
        })
      }
      if ('chunk' in collected) {
        const { chunk, losses, checkpoint } = collected
        batch.append(knowledge.interpret(chunk), losses, keyOf(chunk.file), checkpoint)
      } else {
        const { losses, settled } = collected
        batch.appendLosses(
          losses,
          new Map(settled.map((checkpoint) => [keyOf(checkpoint), () => checkpoint])),
        )
      }
    }
    if (batch !== undefined && (collected === 'end' || batch.isFull(limits, clock.nowMs()))) {
      await inserter.submit(await batch.seal())
      batch = undefined
    }
    if (collected === 'idle' && batch === undefined) lines.trim()
    if (collected === 'end') break
  }
  await inserter.drain()
}

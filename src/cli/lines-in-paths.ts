import type { NamedPaths } from '../collect/discover-named.ts'
import { FilesTally } from '../collect/files-tally.ts'
import type { EventJson } from '../event-json.ts'
import type { InterpretedChunk } from '../model.ts'
import { type LinesAround, NEIGHBOURS } from '../triage/diagnosis/shown/around.ts'
import { pathOfLog } from '../triage/diagnosis/story.ts'
import { grouped } from '../triage/grouped.ts'
import { jsonLine } from './event-line.ts'
import { type PathsReading, readPaths } from './read-paths.ts'

/**
 * Finds the lines around events by reading their logs a second time, since all lines of the first time would not fit into
 * memory. `read` has the paths of the files that are in no bundle, by `logKey`.
 */
export function linesInPaths(
  named: NamedPaths,
  read: ReadonlyMap<string, string>,
  reading: Omit<PathsReading, 'tally'>,
): LinesAround {
  return async (events) => {
    const logs = new Map<string, LogLines>()
    const byLog = grouped(events, ({ file_id }) => file_id)
    const paths = new Set(events.map((event) => pathOfLog(read, event)))
    const some = {
      ...named,
      found: named.found.filter(({ path }) => paths.has(path)),
      bundles: paths.has(undefined) ? named.bundles : [],
    }
    for await (const { chunk } of readPaths(some, { ...reading, tally: new FilesTally() })) {
      if (reading.io.signal.aborted) break
      const { fileId } = chunk.file
      const wanted = byLog.get(fileId)
      if (wanted === undefined) continue
      const log = logs.get(fileId) ?? new LogLines(wanted)
      logs.set(fileId, log)
      log.take(reading.knowledge.interpret(chunk))
      if ([...byLog.keys()].every((id) => logs.get(id)?.isComplete === true)) break
    }
    return new Map([...logs.values()].flatMap(({ around }) => [...around]))
  }
}

/** The lines around some events of one log, whose chunks come in order. */
class LogLines {
  readonly around = new Map<string, EventJson[]>()
  readonly #wanted: readonly EventJson[]
  /** The last lines of the chunk before. */
  #before: readonly EventJson[] = []
  /** How many lines after an event are still to come, by its id. */
  readonly #missing = new Map<string, number>()

  constructor(wanted: readonly EventJson[]) {
    this.#wanted = wanted
  }

  /** Has the rest of the log nothing to add? */
  get isComplete(): boolean {
    return this.around.size === this.#wanted.length && ![...this.#missing.values()].some((lines) => lines > 0)
  }

  take(result: InterpretedChunk): void {
    const { count, offset } = result.records
    for (const [id, missing] of this.#missing) this.#follow(id, missing, result, 0)
    for (const { event_id, offset: at } of this.#wanted) {
      const row = offset.subarray(0, count).indexOf(at)
      if (row < 0) continue
      this.around.set(event_id, this.#last(result, row))
      this.#follow(event_id, 1 + NEIGHBOURS.after, result, row)
    }
    this.#before = this.#last(result, count)
  }

  /** The last lines before `row`. */
  #last(result: InterpretedChunk, row: number): EventJson[] {
    return [...this.#before, ...linesOf(result, row - NEIGHBOURS.before, row)].slice(-NEIGHBOURS.before)
  }

  /** Adds lines from `row` on, `missing` of them if the chunk has as many. */
  #follow(id: string, missing: number, result: InterpretedChunk, row: number): void {
    const lines = linesOf(result, row, row + missing)
    this.around.get(id)?.push(...lines)
    this.#missing.set(id, missing - lines.length)
  }
}

/** The lines of a chunk from one row to before another, as far as they exist. */
function linesOf(result: InterpretedChunk, from: number, to: number): EventJson[] {
  const first = Math.max(0, from)
  const length = Math.max(0, Math.min(to, result.records.count) - first)
  return Array.from({ length }, (_, at) => JSON.parse(jsonLine(result, first + at, undefined)))
}

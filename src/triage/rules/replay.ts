import type { Format } from '../../interpret/format.ts'
import type { Interpret } from '../../interpret/interpret.ts'
import type { RuleSet } from '../../interpret/load-rules.ts'
import { writtenRecord } from '../../interpret/written-record.ts'
import type { FileMemory, Level, RecordChunk, RowVerdict } from '../../model.ts'
import type { Store } from '../../store/client.ts'
import { fileOfRow, type RecordRow } from '../../store/row-columns.ts'
import { type StoredVerdict, storedPages } from '../../store/stored-lines.ts'

/** Stored lines, the current rules' verdicts on them by row, and the stored verdicts. */
export type Replayed = {
  readonly lines: readonly RecordRow[]
  readonly verdicts: readonly RowVerdict[]
  readonly stored: readonly StoredVerdict[]
}

/** The format of each source, and the formats. */
export type Written = {
  readonly formats: ReadonlyMap<string, Format>
  readonly formatOf: (source: string) => string
}

/** What classifies stored lines. */
export type ReplayKnowledge = {
  readonly rules: RuleSet
  readonly interpret: Interpret
  readonly written: Written
}

const PAGE_ROWS = 50_000

/** Classifies what is stored since `since` (ISO 8601) with the current `interpret`. */
export async function* replay(
  store: Store,
  since: string,
  interpret: Interpret,
  written: Written,
): AsyncGenerator<Replayed> {
  const memories = new Memories()
  for await (const { lines, verdicts: stored } of storedPages(store, since, PAGE_ROWS)) {
    const verdicts: RowVerdict[] = []
    for (const [from, to] of filesIn(lines)) {
      const chunk = chunkOf(lines.slice(from, to), memories, written)
      for (const verdict of interpret(chunk).verdicts) verdicts.push({ ...verdict, row: verdict.row + from })
    }
    yield { lines, verdicts, stored }
  }
}

/** State of the file in which a page ended. */
class Memories {
  #key = ''
  #memory: FileMemory = { ts: 0, tsQuality: 0, windows: {} }

  of({ file_id, generation }: RecordRow): FileMemory {
    const key = `${file_id}:${generation}`
    if (key !== this.#key) this.#memory = { ts: 0, tsQuality: 0, windows: {} }
    this.#key = key
    return this.#memory
  }
}

function* filesIn(lines: readonly RecordRow[]): Generator<[from: number, to: number]> {
  let from = 0
  for (let row = 1; row <= lines.length; row++) {
    const line = lines[row]
    const first = lines[from]
    if (line?.file_id === first?.file_id && line?.generation === first?.generation) continue
    yield [from, row]
    from = row
  }
}

/** The records as they were written, except for parts of their heads that the store does not keep. */
function chunkOf(lines: readonly RecordRow[], memories: Memories, written: Written): RecordChunk {
  const first = lines[0] as RecordRow
  const { formats, formatOf } = written
  const format = formatOf(first.source)
  const patterns = formats.get(format)?.patterns ?? []
  const texts = lines.map((line) => {
    const ts = line.ts_quality === 'parsed' ? line.time : ''
    const { component, host, message, length } = line
    const facts = { ts, level: line.level as Level | '', component, host }
    return Buffer.from(`${writtenRecord(patterns, facts, message, length - 1)}\n`)
  })
  const bytes = Buffer.concat(texts)
  const begin = new Int32Array(lines.length)
  const end = new Int32Array(lines.length)
  let at = 0
  texts.forEach((text, row) => {
    begin[row] = at
    at += text.length
    end[row] = at - 1
  })
  return {
    file: { ...fileOfRow(first, first.generation), format },
    ...{ bytes, used: bytes.length, count: lines.length, begin, end },
    offset: Float64Array.from(lines, (line) => line.offset),
    length: Float64Array.from(lines, (line) => line.length),
    flags: new Uint8Array(lines.length),
    before: '',
    mtimeMs: 0,
    memory: memories.of(first),
  }
}

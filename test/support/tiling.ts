import { built } from './built.ts'
import { startScript } from './program.ts'

/** A range of a file's bytes that one row holds. */
export type Span = { readonly offset: number; readonly length: number }

/** What keeps the spans from tiling [0, size): holes, overlaps, a wrong end. None is the promise kept. */
export function tilingFaults(spans: readonly Span[], size: number): string[] {
  const faults: string[] = []
  let at = 0
  for (const { offset, length } of spans.toSorted((a, b) => a.offset - b.offset)) {
    if (offset > at) faults.push(`hole [${at}, ${offset})`)
    if (offset < at) faults.push(`overlap at ${offset}: stored up to ${at} already`)
    if (length <= 0) faults.push(`a row of ${length} bytes at ${offset}`)
    at = Math.max(at, offset + length)
  }
  if (at !== size) faults.push(`ends at ${at}, the file has ${size} bytes`)
  return faults
}

/** One row of `lines`, as the store gives it. */
export type StoredLine = Span & {
  readonly file_id: string
  readonly generation: number
  readonly file: string
  readonly continued: number
  readonly message: string
  readonly event_id: string
}

/** A file as it was written, with the place it has in the store. */
export type WrittenFile = {
  readonly path: string
  readonly fileId: string
  readonly generation: number
  readonly content: Buffer
  readonly encoding: 'utf8' | 'utf16le'
  /** What stands before the message of a record that is stored whole. */
  readonly head: RegExp
}

/** Compares what is stored with what was written: every byte in one row, every text that of its bytes, and no other row. */
export function storeFaults(lines: readonly StoredLine[], files: readonly WrittenFile[]): string[] {
  const rows = new Map<string, StoredLine[]>()
  for (const line of lines) {
    const key = `${line.file_id}:${line.generation}`
    const others = rows.get(key)
    if (others === undefined) rows.set(key, [line])
    else others.push(line)
  }
  const faults: string[] = []
  for (const file of files) {
    const key = `${file.fileId}:${file.generation}`
    const own = (rows.get(key) ?? []).toSorted((a, b) => a.offset - b.offset)
    rows.delete(key)
    const here = [...tilingFaults(own, file.content.length), ...own.flatMap((row) => textFaults(row, file))]
    faults.push(...here.slice(0, 5).map((fault) => `${file.path} (${key}): ${fault}`))
  }
  for (const [key, others] of rows)
    faults.push(`${others.length} rows of ${key}, which is no file that was written`)
  return faults
}

/** A row that is whole has the record's message; of a piece of a record it is known that it ends like the bytes. */
function textFaults(row: StoredLine, { content, encoding, head }: WrittenFile): string[] {
  const raw = content.subarray(row.offset, row.offset + row.length).toString(encoding)
  const text = raw
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
    .replace(/[\r\n]+$/, '')
  const isWhole = row.continued === 0 && raw.endsWith('\n')
  const isRight = isWhole ? text.replace(head, '') === row.message : text.endsWith(row.message)
  return isRight
    ? []
    : [`offset ${row.offset}: ${JSON.stringify(row.message)} is stored for ${JSON.stringify(text)}`]
}

/** One row of `events`, and how often it is there. */
type StoredEvent = {
  readonly event_id: string
  readonly rule_id: string
  readonly number: string
  readonly times: number
}

/** One row of `losses`. */
export type StoredLoss = Span & {
  readonly reason: string
  readonly detail: string
  readonly file: string
  readonly file_id: string
  readonly generation: number
}

/** What a store holds. */
export type StoreContents = {
  readonly lines: readonly StoredLine[]
  readonly events: readonly StoredEvent[]
  /** Sum of all trend counts, as `dcvlens trends` counts them. */
  readonly trendCount: number
  readonly eventCount: number
  readonly losses: readonly StoredLoss[]
}

/** Reads all that a store holds, in a process of its own: this one never loads an engine. */
export async function readStore(
  target: { readonly folder: string } | { readonly url: string },
): Promise<StoreContents> {
  const script = `
    import { openEmbedded, openServer } from '${built('store/client.js')}'
    import { selectTrends } from '${built('store/trend-query.js')}'
    const target = JSON.parse(process.argv[1])
    const store = 'url' in target ? openServer(target.url) : await openEmbedded(target.folder)
    const lines = await store.query(\`SELECT file_id, generation, file, toFloat64(offset) AS offset, toFloat64(length) AS length,
      continued, message, event_id FROM dcvlens.lines\`)
    const events = await store.query(\`SELECT event_id, rule_id, any(captures['number']) AS number, toFloat64(count()) AS times
      FROM dcvlens.events GROUP BY event_id, rule_id\`)
    const [count] = await store.query('SELECT toFloat64(count()) AS rows FROM dcvlens.events SETTINGS optimize_use_projections = 0')
    const trends = await selectTrends(store, { bucketMinutes: 60, milestones: true })
    const losses = await store.query(\`SELECT reason, detail, file, file_id, generation, toFloat64(offset) AS offset,
      toFloat64(length) AS length FROM dcvlens.losses\`)
    const trendCount = trends.reduce((sum, row) => sum + row.count, 0)
    process.stdout.write(JSON.stringify({ lines, events, eventCount: count.rows, trendCount, losses }), () => process.exit())`
  const reader = startScript(script, [JSON.stringify(target)])
  const { code } = await reader.ended
  if (code !== 0) throw new Error(`the store cannot be read: ${reader.stderr()}`)
  return JSON.parse(reader.stdout()) as StoreContents
}

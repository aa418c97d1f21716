import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { EventKind, RowVerdict, Severity, SourceFile } from '../../src/model.ts'
import { Batch } from '../../src/store/batch.ts'
import { openEmbedded, type Store } from '../../src/store/client.ts'
import { Copies } from '../../src/store/copies.ts'
import { insertBatch } from '../../src/store/insert.ts'
import { openJournal } from '../../src/store/journal.ts'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { migrate } from '../../src/store/migrate.ts'
import { someChunk, someFile } from './chunks.ts'

/** A line with what a rule says of it. */
export type Happened = {
  readonly atMs: number
  readonly rule: string
  readonly severity: Severity
  readonly kind?: EventKind
  readonly owner?: string
  readonly session?: string
  readonly host?: string
  readonly cluster?: string
  readonly profile?: string
  readonly source?: string
  readonly message?: string
  readonly captures?: Readonly<Record<string, string>>
  /** Of a line that no rule explains. */
  readonly template?: string
}

export type EventHistory = {
  readonly store: Store
  /** Stores events as one batch that came in at `arrivedMs`. */
  add(events: readonly Happened[], arrivedMs?: number): Promise<void>
}

/** An embedded store in a folder, to be filled with events as the write path would. */
export async function openHistory(folder: string): Promise<EventHistory> {
  mkdirSync(join(folder, 'journal'), { recursive: true })
  const store = await openEmbedded(join(folder, 'store'))
  await migrate(store)
  const lines = new LinesBlock()
  let count = 0
  let offset = 0
  return {
    store,
    async add(events, arrivedMs = Date.now()) {
      const journal = openJournal<string>(join(folder, 'journal'))
      const name = `H${String(count++).padStart(6, '0')}`
      const batch = new Batch<string>(journal, lines, {
        name,
        nowMs: arrivedMs,
        ruleSet: 'r',
        copies: new Copies(),
      })
      for (const [file, group] of byFile(events)) {
        const rows = group.map(({ atMs, message, rule, template = '' }) => ({
          // Lines of different templates are not alike.
          message: message ?? `${rule || [template, template, template].join(' ')} happened`,
          ts: atMs * 1000,
        }))
        const verdicts = group.map(verdictOf)
        batch.append(someChunk(rows, { file, offset, verdicts }), [], 'f', () => 'c')
        offset += 1_000_000
      }
      await insertBatch(store, journal, await batch.seal())
    },
  }
}

function byFile(events: readonly Happened[]): Map<SourceFile, Happened[]> {
  const files = new Map<string, { readonly file: SourceFile; readonly group: Happened[] }>()
  for (const event of events.toSorted((a, b) => a.atMs - b.atMs)) {
    const {
      owner = '',
      session = '',
      host = '',
      cluster = 'soca-x',
      profile = 'soca-2',
      source = 'compute-node',
    } = event
    const identity = { ...someFile.identity, owner, session, host, cluster }
    const key = JSON.stringify([identity, profile, source])
    const place = source === someFile.source ? {} : { path: `/apps/${source}.log`, fileId: idOf(source) }
    const entry = files.get(key) ?? { file: { ...someFile, ...place, identity, profile, source }, group: [] }
    entry.group.push(event)
    files.set(key, entry)
  }
  return new Map([...files.values()].map(({ file, group }) => [file, group]))
}

/** Sixteen hex digits, as all ids of files. */
function idOf(source: string): string {
  return Buffer.from(source).toString('hex').padEnd(16, '0').slice(0, 16)
}

function verdictOf(happened: Happened, row: number): RowVerdict {
  const { rule, severity, kind = 'signature', captures = {}, template: templateId = '' } = happened
  return { row, kind, ruleId: rule, ruleVersion: 1, severity, phase: '', layer: '', captures, templateId }
}

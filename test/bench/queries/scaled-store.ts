import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RuleSet } from '../../../src/interpret/load-rules.ts'
import { openEmbedded, type Store } from '../../../src/store/client.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { eventSlots } from './event-slots.ts'
import { rowsOf, type Scale, stride } from './scaled-rows.ts'

/** So many rows are one insert, as of a large backlog. */
const AT_ONCE = 1_000_000
const SHARED = `batch, ts, ts_quality, ingested_at, profile, cluster, owner, session, session_uuid, host, source, file, file_id,
  generation, offset, length, continued, level, component, message`
const VERDICT = `event_id, rule_id, rule_version, rule_set, severity, phase, layer, template_id, captures, duplicate_of`

/** Makes a store of this size in a folder, or takes the one that the last run left there; its time ends now. */
export async function scaledStore(
  folder: string,
  size: Omit<Scale, 'endS'>,
  { rules, tell }: { readonly rules: RuleSet; tell(text: string): void },
): Promise<Scale> {
  const note = join(folder, 'scale.json')
  if (existsSync(note)) return kept(note, size)
  const scale = { ...size, endS: Math.floor(Date.now() / 1000) }
  const store = await openEmbedded(join(folder, 'store'))
  try {
    await migrate(store)
    await keepSlots(store, rules)
    const begin = performance.now()
    for (const table of ['lines', 'events'] as const) await fill(store, table, scale)
    const seconds = (performance.now() - begin) / 1000
    tell(`made in ${seconds.toFixed(0)} s: ${Math.round((scale.lines + scale.events) / seconds)} rows/s`)
    await store.command('DROP TABLE IF EXISTS dcvlens.bench_slots')
  } finally {
    await store.close()
  }
  writeFileSync(note, JSON.stringify(scale))
  return scale
}

function kept(note: string, { lines, events }: Omit<Scale, 'endS'>): Scale {
  const scale = JSON.parse(readFileSync(note, 'utf8')) as Scale
  if (scale.lines === lines && scale.events === events) return scale
  throw new Error(`${note} is of ${scale.lines} lines and ${scale.events} events: name another folder`)
}

async function fill(store: Store, table: 'lines' | 'events', scale: Scale): Promise<void> {
  const rows = table === 'lines' ? scale.lines : Math.floor(scale.lines / stride(scale))
  const [columns, values] =
    table === 'lines' ? [SHARED, SHARED] : [`${SHARED}, ${VERDICT}, kind`, `${SHARED}, ${VERDICT}, verdict`]
  for (let from = 0; from < rows; from += AT_ONCE) {
    const select = rowsOf(scale, table, from, Math.min(rows, from + AT_ONCE))
    await store.command(
      `INSERT INTO dcvlens.${table} (${columns}) SELECT ${values} FROM (${select})
       SETTINGS max_threads = 1, max_insert_threads = 1, max_partitions_per_insert_block = 0`,
    )
  }
}

/** What an insert looks up for each of its rows. */
async function keepSlots(store: Store, rules: RuleSet): Promise<void> {
  const text = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const rows = eventSlots(rules).map(
    ({ kind, rule, version, severity, phase, layer, message }, number) =>
      `(${number}, ${version}, ${[kind, rule, severity, phase, layer, message].map(text).join(', ')})`,
  )
  await store.command(
    `CREATE TABLE dcvlens.bench_slots (number Int32, version UInt32, kind String, rule String, severity String, phase String,
       layer String, said String) ENGINE = MergeTree ORDER BY number`,
  )
  await store.command(`INSERT INTO dcvlens.bench_slots VALUES ${rows.join(', ')}`)
}

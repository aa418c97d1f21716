import { compareEvents, type EventJson } from '../event-json.ts'
import type { Params, Store } from './client.ts'
import { DATABASE } from './database.ts'
import { OF_LINES } from './of-lines.ts'
import { QUESTION_LIMITS } from './query-limits.ts'
import { FILE_NAMES, type FileColumn, VERDICT_NAMES } from './row-columns.ts'
import { isoText } from './sql-time.ts'

/** What all events of a file share is read once, since stories have few files and many events. */
const PLACE_KEY = `toString(cityHash64(${FILE_NAMES}))`
const COLUMNS = `event_id, ts, toString(ts_quality) AS ts_quality, generation, offset, length, level, component, message,
  ${VERDICT_NAMES}, duplicate_of`

type Place = Record<'place' | FileColumn, string>
type Row = Record<
  'place' | 'event_id' | 'ts' | 'ts_quality' | 'level' | 'component' | 'message' | 'rule_id' | 'template_id',
  string
> &
  Record<'generation' | 'offset' | 'length' | 'rule_version', number> &
  Pick<EventJson, 'kind' | 'severity' | 'phase' | 'layer' | 'duplicate_of'> & {
    readonly captures: Readonly<Record<string, string>>
  }

/** Places by key. The key is a hash of their content, so a known place is the same in every store and never changes. */
const PLACES = new Map<string, Place>()
const MOST_PLACES = 100_000
/** Parameters are sent in a URL; beyond this many keys, all places are read. */
const MOST_NAMED = 1000

/** Events of lines that satisfy any of these conditions, which must exclude each other: the newest `most`, oldest first. */
export async function selectStoryEvents(
  store: Store,
  conditions: readonly string[],
  params: Params,
  most: number,
): Promise<EventJson[]> {
  const from = conditions
    .map(
      (where) =>
        `SELECT ${COLUMNS}, ${PLACE_KEY} AS place FROM ${DATABASE}.events WHERE ${OF_LINES} AND (${where})`,
    )
    .join(' UNION ALL ')
  const select = (end: string) =>
    store.query<Row>(
      `SELECT * EXCEPT (ts, offset, length), ${isoText('t.ts')} AS ts, toFloat64(t.offset) AS offset,
         toFloat64(t.length) AS length
       FROM (${from}) AS t ${end} SETTINGS ${QUESTION_LIMITS}`,
      params,
    )
  // Rows are wide, and sorting them in the engine takes longer than reading them; it is only done if some must be left out.
  const all = await select(`LIMIT ${most + 1}`)
  const rows = all.length > most ? await select(`ORDER BY t.ts DESC LIMIT ${most}`) : all
  const places = await placesOf(store, new Set(rows.map(({ place }) => place)))
  return rows
    .flatMap((row) => {
      const place = places.get(row.place)
      return place === undefined ? [] : [eventOf(place, row)]
    })
    .sort(compareEvents)
}

/** Places by key; for unknown ones, the query has the shape of the projection `places`. */
async function placesOf(store: Store, keys: ReadonlySet<string>): Promise<ReadonlyMap<string, Place>> {
  const found = new Map(
    [...keys].flatMap((key) => {
      const place = PLACES.get(key)
      return place === undefined ? [] : [[key, place] as const]
    }),
  )
  const missing = [...keys].filter((key) => !found.has(key))
  if (missing.length === 0) return found
  const wanted = missing.length > MOST_NAMED ? '1' : `${PLACE_KEY} IN {keys:Array(String)}`
  const places = await store.query<Place>(
    `SELECT ${FILE_NAMES}, ${PLACE_KEY} AS place FROM ${DATABASE}.events WHERE ${wanted} GROUP BY ${FILE_NAMES} SETTINGS ${QUESTION_LIMITS}`,
    { keys: missing.slice(0, MOST_NAMED) },
  )
  if (PLACES.size + missing.length > MOST_PLACES) PLACES.clear()
  for (const place of places.filter((one) => keys.has(one.place))) {
    PLACES.set(place.place, place)
    found.set(place.place, place)
  }
  return found
}

/** All keys in one order, so that all events have the same shape; unknown values are undefined. */
function eventOf(place: Place, row: Row): EventJson {
  return {
    event_id: row.event_id,
    ts: row.ts,
    ts_quality: row.ts_quality,
    profile: place.profile || undefined,
    cluster: place.cluster || undefined,
    owner: place.owner || undefined,
    session: place.session || undefined,
    session_uuid: place.session_uuid || undefined,
    host: place.host || undefined,
    source: place.source || undefined,
    file: place.file,
    file_id: place.file_id,
    generation: row.generation,
    offset: row.offset,
    length: row.length,
    level: row.level || undefined,
    component: row.component || undefined,
    message: row.message,
    kind: row.kind,
    rule_id: row.rule_id || undefined,
    rule_version: row.rule_version || undefined,
    severity: row.severity || undefined,
    phase: row.phase || undefined,
    layer: row.layer || undefined,
    template_id: row.template_id || undefined,
    captures: Object.keys(row.captures).length === 0 ? undefined : row.captures,
    duplicate_of: row.duplicate_of || undefined,
  }
}

import type { EventJson } from '../event-json.ts'
import { DATABASE, type Params, type Store } from './client.ts'
import { QUESTION_LIMITS } from './query-limits.ts'
import { FILE_NAMES, type FileColumn, VERDICT_NAMES } from './row-columns.ts'
import { isoText } from './sql-time.ts'

/** What all events of a file share is sent once, since stories have few files and many events. */
const PLACE_KEY = `toString(cityHash64(${FILE_NAMES}))`
const COLUMNS = `file_id, event_id, ts, toString(ts_quality) AS ts_quality, generation, offset, length, level, component, message,
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

/** Places by their key, which stands for what they say: once known they are known for good. */
const PLACES = new WeakMap<Store, Map<string, Place>>()
const MOST_PLACES = 100_000

/** Events of any of these conditions, of which no two hold together: the newest of them, oldest first. */
export async function selectStoryEvents(
  store: Store,
  conditions: readonly string[],
  params: Params,
  most: number,
): Promise<EventJson[]> {
  const from = (columns: string) =>
    conditions
      .map((where) => `SELECT ${columns}, ${PLACE_KEY} AS place FROM ${DATABASE}.events WHERE ${where}`)
      .join(' UNION ALL ')
  const rows = await store.query<Row>(
    `SELECT * EXCEPT (ts, offset, length, file_id), ${isoText('t.ts')} AS ts, toFloat64(t.offset) AS offset,
       toFloat64(t.length) AS length
     FROM (SELECT * FROM (${from(COLUMNS)}) ORDER BY ts DESC LIMIT ${most}) AS t
     ORDER BY t.ts, t.file_id, t.generation, t.offset SETTINGS ${QUESTION_LIMITS}`,
    params,
  )
  const known = PLACES.get(store) ?? new Map<string, Place>()
  PLACES.set(store, known)
  if (rows.some(({ place }) => !known.has(place))) {
    const places = await store.query<Place>(
      `SELECT DISTINCT * FROM (${from(FILE_NAMES)}) SETTINGS ${QUESTION_LIMITS}`,
      params,
    )
    if (known.size + places.length > MOST_PLACES) known.clear()
    for (const place of places) known.set(place.place, place)
  }
  return rows.flatMap((row) => {
    const place = known.get(row.place)
    return place === undefined ? [] : [eventOf(place, row)]
  })
}

/** All keys in one order, so that all events are of one shape; what is unknown is undefined. */
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

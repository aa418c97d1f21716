import type { Params, Store } from './client.ts'
import { allOf, type Condition, given, within } from './conditions.ts'
import { DATABASE } from './database.ts'
import { QUESTION_LIMITS } from './query-limits.ts'
import { isoText } from './sql-time.ts'

/**
 * Which files are wanted; an undefined field does not restrict them. Times are those at which a loss was noted, ISO 8601,
 * UTC.
 */
export type LedgerFilter = {
  /** A file, or a folder with all files below it. */
  readonly file?: string | undefined
  readonly reason?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Also files without a loss. */
  readonly all: boolean
  readonly limit: number
  /** The last row of the previous page. */
  readonly after?: LedgerPlace | undefined
}

/** The position of a file in the list, which is ordered by what is missing. */
export type LedgerPlace = Pick<LedgerRow, 'lost_bytes' | 'loss_count' | 'file' | 'generation' | 'file_id'>

/** One entry of the ledger. `length` is 0 if the bytes are stored but altered (cut, repaired), or if none could be read. */
export type LossRow = {
  readonly reason: string
  readonly offset: number
  readonly length: number
  readonly detail: string
  /** When it was noted. */
  readonly at: string
}

/** What is stored of one generation of a file, and what is missing. */
export type LedgerRow = {
  readonly file: string
  readonly source: string
  readonly host: string
  readonly owner: string
  readonly session: string
  readonly file_id: string
  readonly generation: number
  /** Rows of `lines`, and the bytes of the file in them. */
  readonly rows: number
  readonly bytes: number
  readonly lost_bytes: number
  /** The number of losses; `losses` has the first ones, in the order of their bytes. */
  readonly loss_count: number
  readonly losses: readonly LossRow[]
}

/** Losses with the same reason. */
export type ReasonRow = {
  readonly reason: string
  readonly count: number
  readonly files: number
  readonly bytes: number
  readonly last_at: string
}

const AT = isoText('ingested_at')
const LOSSES = 'Array(Tuple(offset Float64, length Float64, reason String, detail String, at String))'
const LOSSES_SHOWN = 1000
const FILE =
  'any(file) AS file, any(source) AS source, any(host) AS host, any(owner) AS owner, any(session) AS session'

/** What is stored of each generation of a file, and its losses; those that miss most come first. */
export function selectLedger(store: Store, filter: LedgerFilter): Promise<LedgerRow[]> {
  const ofFile = fileCondition(filter)
  const lost = allOf([...ofFile, ...lossConditions(filter)])
  const losses = `FROM ${DATABASE}.losses AS t WHERE ${lost.sql}`
  const stored = filter.all
    ? allOf(ofFile).sql
    : `(file_id, generation) IN (SELECT file_id, generation ${losses})`
  return store.query<LedgerRow>(
    `SELECT ${FILE}, file_id, generation, toFloat64(sum(rows)) AS rows, toFloat64(sum(bytes)) AS bytes,
       toFloat64(sum(lost)) AS lost_bytes, toFloat64(sum(count)) AS loss_count, groupArrayArray(entries) AS losses
     FROM (
       SELECT file, source, host, owner, session, file_id, generation, count() AS rows, sum(length) AS bytes, 0 AS lost,
         0 AS count, CAST([], '${LOSSES}') AS entries
       FROM ${DATABASE}.lines AS t WHERE ${stored}
       GROUP BY file, source, host, owner, session, file_id, generation
       UNION ALL
       SELECT ${FILE}, file_id, generation, 0 AS rows, 0 AS bytes, sum(length) AS lost, count() AS count,
         CAST(groupArraySorted(${LOSSES_SHOWN})((toFloat64(offset), toFloat64(length), toString(reason), detail, ${AT})), '${LOSSES}') AS entries
       ${losses} GROUP BY file_id, generation
     )
     GROUP BY file_id, generation ${filter.after === undefined ? '' : BEHIND}
     ORDER BY lost_bytes DESC, loss_count DESC, file, generation, file_id
     LIMIT ${Math.trunc(filter.limit)} SETTINGS ${QUESTION_LIMITS}`,
    { ...lost.params, ...afterOf(filter.after) },
  )
}

const BEHIND = `HAVING (-lost_bytes, -loss_count, file, generation, file_id) >
  (-{afterBytes:Float64}, -{afterCount:Float64}, {afterFile:String}, {afterGeneration:UInt32}, {afterId:String})`

function afterOf(place: LedgerPlace | undefined): Params {
  if (place === undefined) return {}
  const { lost_bytes, loss_count, file, generation, file_id } = place
  return {
    ...{ afterBytes: lost_bytes, afterCount: loss_count, afterFile: file },
    ...{ afterGeneration: generation, afterId: file_id },
  }
}

/** Counts losses by reason, most bytes first. */
export function selectLossReasons(
  store: Store,
  filter: Pick<LedgerFilter, 'from' | 'to'>,
): Promise<ReasonRow[]> {
  const { sql, params } = allOf(lossConditions(filter))
  return store.query<ReasonRow>(
    `SELECT reason, toFloat64(count()) AS count, toFloat64(uniqExact(file_id)) AS files,
       toFloat64(sum(length)) AS bytes, ${isoText('max(ingested_at)')} AS last_at
     FROM ${DATABASE}.losses AS t WHERE ${sql}
     GROUP BY reason ORDER BY bytes DESC, count DESC, reason SETTINGS ${QUESTION_LIMITS}`,
    params,
  )
}

/** Files in the ledger that could not be read at all, as `file id:reason`. */
export async function selectUnread(store: Store): Promise<string[]> {
  const rows = await store.query<{ readonly key: string }>(
    `SELECT DISTINCT concat(file_id, ':', reason) AS key FROM ${DATABASE}.losses
     WHERE reason IN ('unreadable', 'not-a-file') SETTINGS ${QUESTION_LIMITS}`,
  )
  return rows.map(({ key }) => key)
}

function fileCondition({ file }: Pick<LedgerFilter, 'file'>): readonly Condition[] {
  const folder = file?.replace(/(?<=.)\/+$/, '')
  return given('file', folder, "(t.file = {file:String} OR startsWith(t.file, concat({file:String}, '/')))")
}

function lossConditions({ reason, ...range }: Partial<LedgerFilter>): readonly Condition[] {
  return [...given('reason', reason), ...within(range, 't.ingested_at', 3)]
}

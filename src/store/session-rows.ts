import { type Condition, fixed } from './conditions.ts'
import { timeParam } from './sql-time.ts'

/** A log that belongs to a desktop although its path does not say so; with the times of its first and last line (ISO 8601, UTC). */
export type MachineLog = {
  /** As the path names them; usually ''. */
  readonly owner: string
  readonly session: string
  readonly host: string
  readonly file: string
  readonly first_ts: string
  readonly last_ts: string
}

/** The rows of a desktop: those of its own folder, and the logs of its machines. */
export type SessionRows = {
  readonly owner: string
  readonly session: string
  readonly logs: readonly MachineLog[]
}

/** The condition that a row of `t` belongs to a desktop. Each part is one range of the primary key (owner, session, ts). */
export function ofSession(rows: SessionRows | undefined): readonly Condition[] {
  if (rows === undefined) return []
  const { owner, session, logs } = rows
  const own = fixed('(t.owner = {owner:String} AND t.session = {session:String})', { owner, session })
  const parts = [own, ...[...placesOf(logs).values()].map((place, at) => rangeOf(place, `logs${at}`))]
  const sql = `(${parts.map((part) => part.sql).join(' OR ')})`
  return [fixed(sql, Object.assign({}, ...parts.map(({ params }) => params)))]
}

/** By what their paths name. */
function placesOf(logs: readonly MachineLog[]): ReadonlyMap<string, readonly MachineLog[]> {
  const places = new Map<string, MachineLog[]>()
  for (const log of logs) {
    const key = JSON.stringify([log.owner, log.session, log.host])
    places.set(key, [...(places.get(key) ?? []), log])
  }
  return places
}

function rangeOf(logs: readonly MachineLog[], name: string): Condition {
  const first = logs.map(({ first_ts }) => first_ts).sort()[0] ?? ''
  const last =
    logs
      .map(({ last_ts }) => last_ts)
      .sort()
      .at(-1) ?? ''
  return {
    sql: `(t.owner = {${name}Owner:String} AND t.session = {${name}Session:String} AND t.host = {${name}Host:String}
       AND t.ts >= ${timeParam(`${name}First`)} AND t.ts <= ${timeParam(`${name}Last`)} AND t.file IN {${name}:Array(String)})`,
    params: {
      [`${name}Owner`]: logs[0]?.owner ?? '',
      [`${name}Session`]: logs[0]?.session ?? '',
      [`${name}Host`]: logs[0]?.host ?? '',
      [`${name}First`]: first,
      [`${name}Last`]: last,
      [name]: logs.map(({ file }) => file),
    },
  }
}

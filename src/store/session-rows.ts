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
  /** When the first of them was written (ISO 8601, UTC), where that is known. */
  readonly first_ts?: string | undefined
}

/** The condition that a row of `t` belongs to a desktop. */
export function ofSession(rows: SessionRows | undefined): readonly Condition[] {
  return rows === undefined ? [] : [anyOf(partsOf(rows))]
}

/**
 * Conditions that a row of `t` belongs to a desktop: each is one range of the primary key (owner, session, ts), and no row meets
 * two of them.
 */
export function partsOf({ owner, session, logs }: SessionRows): readonly Condition[] {
  const own = fixed('(t.owner = {owner:String} AND t.session = {session:String})', { owner, session })
  const places = grouped(logs, (log) => JSON.stringify([log.owner, log.session]))
  return [own, ...[...places.values()].map((place, at) => rangeOf(place, `logs${at}`))]
}

function grouped(logs: readonly MachineLog[], keyOf: (log: MachineLog) => string) {
  const groups = new Map<string, MachineLog[]>()
  for (const log of logs) groups.set(keyOf(log), [...(groups.get(keyOf(log)) ?? []), log])
  return groups
}

function anyOf(parts: readonly Condition[]): Condition {
  return fixed(
    `(${parts.map(({ sql }) => sql).join(' OR ')})`,
    Object.assign({}, ...parts.map(({ params }) => params)),
  )
}

/** Logs whose paths name the same desktop or none; each of their machines has a time of its own within the range. */
function rangeOf(logs: readonly MachineLog[], name: string): Condition {
  const machines = [...grouped(logs, ({ host }) => host).values()]
  const within = anyOf(machines.map((machine, at) => machineOf(machine, `${name}of${at}`)))
  const { owner = '', session = '' } = logs[0] ?? {}
  const { sql, params } = spanOf(logs, name)
  return fixed(
    `(t.owner = {${name}Owner:String} AND t.session = {${name}Session:String} AND ${sql} AND ${within.sql})`,
    { ...within.params, ...params, [`${name}Owner`]: owner, [`${name}Session`]: session },
  )
}

function machineOf(logs: readonly MachineLog[], name: string): Condition {
  const { sql, params } = spanOf(logs, name)
  return fixed(`(t.host = {${name}Host:String} AND ${sql} AND t.file IN {${name}:Array(String)})`, {
    ...{ ...params, [`${name}Host`]: logs[0]?.host ?? '' },
    [name]: logs.map(({ file }) => file),
  })
}

/** From the first line of these logs until the last. */
function spanOf(logs: readonly MachineLog[], name: string): Condition {
  const first = logs.map(({ first_ts }) => first_ts).sort()[0] ?? ''
  const last =
    logs
      .map(({ last_ts }) => last_ts)
      .sort()
      .at(-1) ?? ''
  return fixed(`t.ts >= ${timeParam(`${name}First`)} AND t.ts <= ${timeParam(`${name}Last`)}`, {
    [`${name}First`]: first,
    [`${name}Last`]: last,
  })
}

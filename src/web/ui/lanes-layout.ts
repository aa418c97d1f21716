import type { EventJson } from '../../event-json.ts'
import type { Severity } from '../../model.ts'
import type { Range } from './time-range.ts'

/** One mark on a lane: the lines that fall into one column. */
export type LaneMark = {
  readonly column: number
  readonly count: number
  /** The most severe of them; `milestone` if there is nothing worse. */
  readonly look: Look
  /** The row number of the first of the most severe. */
  readonly row: number
}
export type Look = 'critical' | 'error' | 'warning' | 'milestone' | 'info' | 'line'

export type Lane = {
  readonly key: string
  readonly source: string
  readonly host: string
  /** Each counted once, however many rules match it; what a rule says of several events is no line. */
  readonly lines: number
  readonly failures: number
  readonly marks: readonly LaneMark[]
  /** Ranges of columns whose times are not from the log. */
  readonly inferred: readonly { readonly from: number; readonly to: number }[]
}

/** A time span in which nothing was written, in ms. */
type Silence = Range

export type LanesLayout = {
  readonly lanes: readonly Lane[]
  readonly reboots: readonly { readonly column: number; readonly row: number }[]
  readonly silences: readonly Silence[]
}

const LOOKS: readonly Look[] = ['line', 'info', 'milestone', 'warning', 'error', 'critical']

/** Arranges the rows of a desktop, in time order, on one lane per source and host, with `columns` columns. */
export function lanesOf(rows: readonly EventJson[], range: Range, columns: number): LanesLayout {
  const lanes = new Map<string, Building>()
  const reboots: { column: number; row: number }[] = []
  const span = Math.max(range.toMs - range.fromMs, 1)
  rows.forEach((event, row) => {
    const part = (Date.parse(event.ts) - range.fromMs) / span
    if (part < 0 || part > 1) return
    const column = Math.min(columns - 1, Math.floor(part * columns))
    const lane = laneFor(lanes, event)
    addTo(lane, event, row, column)
    if (event.rule_id?.startsWith('milestone-reboot-') === true) reboots.push({ column, row })
  })
  return {
    lanes: [...lanes.values()].map(finished).sort(byFirst),
    reboots: reboots.filter(({ column }, i) => column !== reboots[i - 1]?.column),
    silences: silencesOf(rows, range),
  }
}

type Building = Pick<Lane, 'key' | 'source' | 'host'> & {
  readonly lines: Set<string>
  readonly failures: Set<string>
  first: number
  readonly columns: Map<number, LaneMark>
  readonly inferred: Set<number>
}

function laneFor(lanes: Map<string, Building>, { source = '', host = '' }: EventJson): Building {
  const key = `${source}\0${host}`
  const known = lanes.get(key)
  if (known !== undefined) return known
  const lane = {
    key,
    source,
    host,
    lines: new Set<string>(),
    failures: new Set<string>(),
    first: lanes.size,
    columns: new Map(),
    inferred: new Set<number>(),
  }
  lanes.set(key, lane)
  return lane
}

function addTo(lane: Building, event: EventJson, row: number, column: number): void {
  const look = lookOf(event)
  const before = lane.columns.get(column)
  const isGraver = before === undefined || LOOKS.indexOf(look) > LOOKS.indexOf(before.look)
  lane.columns.set(column, {
    column,
    count: (before?.count ?? 0) + 1,
    ...(isGraver ? { look, row } : { look: before.look, row: before.row }),
  })
  if (event.length > 0) lane.lines.add(event.event_id)
  if (isFailure(event)) lane.failures.add(event.event_id)
  if (event.ts_quality !== 'parsed') lane.inferred.add(column)
}

function finished({ key, source, host, lines, failures, columns, inferred }: Building): Lane {
  const marks = [...columns.values()].sort((a, b) => a.column - b.column)
  return {
    ...{ key, source, host, marks },
    ...{ lines: lines.size, failures: failures.size },
    inferred: runsOf([...inferred].sort((a, b) => a - b)),
  }
}

/** Lanes are ordered by their first line. */
function byFirst(a: Lane, b: Lane): number {
  return (a.marks[0]?.column ?? 0) - (b.marks[0]?.column ?? 0)
}

/** How an event is drawn. */
export function lookOf({ kind, severity }: EventJson): Look {
  if (kind === 'line') return 'line'
  if (severity === 'critical' || severity === 'error' || severity === 'warning')
    return severity as Severity & Look
  return kind === 'milestone' ? 'milestone' : 'info'
}

/** Is it a stop when going from failure to failure? */
export function isFailure({ kind, severity }: EventJson): boolean {
  return kind !== 'line' && (severity === 'critical' || severity === 'error')
}

/** Merges adjacent columns. */
function runsOf(columns: readonly number[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = []
  for (const column of columns) {
    const last = runs.at(-1)
    if (last !== undefined && column <= last.to + 1) last.to = column
    else runs.push({ from: column, to: column })
  }
  return runs
}

/** A silence lasts at least five minutes, and at least a tenth of the visible range. */
const SILENCE_MS = 5 * 60_000
const SILENCE_PART = 0.1

/** Long silences within a range. */
function silencesOf(rows: readonly EventJson[], { fromMs, toMs }: Range): Silence[] {
  const least = Math.max(SILENCE_MS, (toMs - fromMs) * SILENCE_PART)
  const silences: Silence[] = []
  let before: number | undefined
  for (const { ts } of rows) {
    const at = Date.parse(ts)
    if (before !== undefined && at - before >= least && at > fromMs && before < toMs)
      silences.push({ fromMs: Math.max(before, fromMs), toMs: Math.min(at, toMs) })
    before = at
  }
  return silences
}

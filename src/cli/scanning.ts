import { forgetfulFiles } from '../collect/checkpoints.ts'
import { discoverNamed } from '../collect/discover.ts'
import { type NotRead, readAll } from '../collect/read-all.ts'
import { loadConfig } from '../config.ts'
import { type EventJson, isoMicros } from '../event-json.ts'
import {
  type InterpretedChunk,
  LEVELS,
  RecordFlag,
  type RowVerdict,
  SEVERITIES,
  TS_QUALITIES,
} from '../model.ts'
import { eventId, messageOf } from '../store/event-row.ts'
import type { Io } from './io.ts'
import { loadKnowledge } from './knowledge.ts'
import { printable } from './printable.ts'
import { Progress } from './progress.ts'
import type { ScanOptions } from './scan.ts'
import { ScanReport } from './scan-report.ts'

/** Scans and prints; gives the rank of the worst severity seen, -1 if there was none. */
export async function scan(paths: readonly string[], options: ScanOptions, io: Io): Promise<number> {
  const config = loadConfig(options.config, options)
  const knowledge = loadKnowledge(config)
  const { found, passedOver } = await discoverNamed(paths, knowledge.layouts, config.root)
  const notRead: NotRead[] = []
  const report = new ScanReport(knowledge.rules, io)
  const progress = new Progress(
    io,
    found.map((file) => file.path),
  )
  let worst = -1
  for await (const { chunk } of readAll(found, knowledge.context(forgetfulFiles()), (file) =>
    notRead.push(file),
  )) {
    if (io.signal.aborted) break
    const result = knowledge.interpret(chunk)
    progress.read(chunk)
    for (const verdict of result.verdicts) worst = Math.max(worst, SEVERITIES.indexOf(verdict.severity))
    if (options.json === true || options.all === true) printRows(result, options, io)
    else report.add(result)
  }
  progress.done()
  for (const { path, reason, detail } of notRead) io.err(`not read: ${path}: ${reason} (${detail})\n`)
  if (options.json !== true && options.all !== true) {
    report.print({ ...progress.totals, files: found.length - notRead.length, passedOver })
  }
  return worst
}

/** Prints the events of a chunk, or all its records, in one write. */
function printRows(result: InterpretedChunk, options: ScanOptions, io: Io): void {
  const text = options.json === true ? (event: EventJson) => `${JSON.stringify(event)}\n` : lineText
  const lines: string[] = []
  if (options.all === true) {
    const byRow = new Map<number, RowVerdict[]>()
    for (const verdict of result.verdicts)
      byRow.set(verdict.row, [...(byRow.get(verdict.row) ?? []), verdict])
    for (let row = 0; row < result.records.count; row++) {
      for (const verdict of byRow.get(row) ?? [undefined]) lines.push(text(eventOf(result, row, verdict)))
    }
  } else {
    for (const verdict of result.verdicts) lines.push(text(eventOf(result, verdict.row, verdict)))
  }
  if (lines.length > 0) io.out(lines.join(''))
}

/** One record of a chunk as JSON; kind `line` where nothing is said of it. What is unknown is left out by JSON. */
export function eventOf(result: InterpretedChunk, row: number, verdict: RowVerdict | undefined): EventJson {
  const { records } = result
  const { file } = records
  const { identity } = file
  const captures = verdict?.captures
  return {
    event_id: eventId(file, records.offset[row] ?? 0),
    ts: isoMicros(result.ts[row] ?? 0),
    ts_quality: TS_QUALITIES[result.tsQuality[row] ?? 0] ?? '',
    profile: known(file.profile),
    cluster: known(identity.cluster),
    owner: known(identity.owner),
    session: known(identity.session),
    session_uuid: known(identity.sessionUuid),
    host: known(identity.host),
    source: known(file.source),
    file: file.path,
    file_id: file.fileId,
    generation: file.generation,
    offset: records.offset[row] ?? 0,
    length: records.length[row] ?? 0,
    continued: known((records.flags[row] ?? 0) & RecordFlag.continued),
    level: known(LEVELS[result.level[row] ?? 0]),
    component: known(result.components[result.component[row] ?? 0]),
    message: messageOf(result, row),
    kind: verdict?.kind ?? 'line',
    rule_id: known(verdict?.ruleId),
    rule_version: known(verdict?.ruleVersion),
    severity: verdict?.severity,
    phase: known(verdict?.phase),
    layer: known(verdict?.layer),
    captures: captures === undefined || Object.keys(captures).length === 0 ? undefined : captures,
  }
}

function known<T extends string | number>(value: T | undefined): Exclude<T, '' | 0> | undefined {
  return value === '' || value === 0 ? undefined : (value as Exclude<T, '' | 0> | undefined)
}

function lineText(event: EventJson): string {
  const mark = event.rule_id ?? (event.kind === 'line' ? '' : event.kind)
  return `${event.file}:${event.offset}  ${mark}  ${printable(event.message, '    ')}\n`
}

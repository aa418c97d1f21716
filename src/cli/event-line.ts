import { isoMicros } from '../event-json.ts'
import {
  type InterpretedChunk,
  LEVELS,
  RecordFlag,
  type RowVerdict,
  type SourceFile,
  TS_QUALITIES,
  type Verdict,
} from '../model.ts'
import type { Copies } from '../store/copies.ts'
import { eventId, fileAt, messageOf } from '../store/event-row.ts'
import { printable } from './printable.ts'

/** JSON that all events of a file, or of a rule and severity, share. Cached, since one file may have thousands of events. */
const ofFile = new WeakMap<SourceFile, string>()
const ofRule = new Map<string, string>()

/**
 * One record as a JSON line in the shape of `EventJson`; the kind is `line` if no rule matches it. With `copies`, an event
 * that another file held before is marked; the events of a record must then be passed one after the other.
 */
export function jsonLine(
  result: InterpretedChunk,
  row: number,
  verdict: RowVerdict | undefined,
  copies?: Copies,
): string {
  const { records } = result
  const file = fileAt(result, row)
  const offset = records.offset[row] ?? 0
  const id = eventId(file, offset)
  const ts = result.ts[row] ?? 0
  const tsQuality = result.tsQuality[row] ?? 0
  const message = messageOf(result, row)
  const own = {
    event_id: id,
    ts: isoMicros(ts),
    ts_quality: TS_QUALITIES[tsQuality] ?? '',
    offset,
    length: records.length[row] ?? 0,
    continued: known((records.flags[row] ?? 0) & RecordFlag.continued),
    level: known(LEVELS[result.level[row] ?? 0]),
    component: known(result.components[result.component[row] ?? 0]),
    message,
    template_id: verdict?.templateId,
    duplicate_of: verdict && known(copies?.of({ file, ts, tsQuality, offset, message }, id)),
    captures:
      verdict === undefined || Object.keys(verdict.captures).length === 0 ? undefined : verdict.captures,
  }
  return `${JSON.stringify(own).slice(0, -1)},${fileJson(file)},${ruleJson(verdict)}}\n`
}

/** One record as text: where it is, what it means, and the message. */
export function textLine(result: InterpretedChunk, row: number, verdict: RowVerdict | undefined): string {
  const { file, offset } = result.records
  const mark = verdict === undefined ? '' : verdict.ruleId === '' ? verdict.kind : verdict.ruleId
  return `${printable(file.path, ' ').replaceAll('\n', ' ')}, byte ${offset[row]}  ${mark}  ${printable(messageOf(result, row), '    ')}\n`
}

function fileJson(file: SourceFile): string {
  const cached = ofFile.get(file)
  if (cached !== undefined) return cached
  const { identity, fileId, generation, path } = file
  const json = inner({
    profile: known(file.profile),
    cluster: known(identity.cluster),
    owner: known(identity.owner),
    session: known(identity.session),
    session_uuid: known(identity.sessionUuid),
    host: known(identity.host),
    source: known(file.source),
    file: path,
    file_id: fileId,
    generation,
  })
  ofFile.set(file, json)
  return json
}

const LINE = inner({ kind: 'line' })

function ruleJson(verdict: Verdict | undefined): string {
  if (verdict === undefined) return LINE
  const { kind, ruleId, ruleVersion, severity, phase, layer } = verdict
  // What no rule explains, and what a general rule names, is as severe as the line says.
  const key = [kind, ruleId, ruleVersion, severity, phase, layer].join(' ')
  const cached = ofRule.get(key)
  if (cached !== undefined) return cached
  const json = inner({
    ...{ kind, rule_id: known(ruleId), rule_version: known(ruleVersion), severity },
    ...{ phase: known(phase), layer: known(layer) },
  })
  ofRule.set(key, json)
  return json
}

function inner(value: object): string {
  return JSON.stringify(value).slice(1, -1)
}

function known<T extends string | number>(value: T | undefined): T | undefined {
  return value === '' || value === 0 ? undefined : value
}

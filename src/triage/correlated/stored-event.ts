import type { EventJson } from '../../event-json.ts'
import { TS_QUALITIES } from '../../model.ts'
import type { EventRow, StoredEvent } from '../../store/event-row.ts'
import { fileOfRow } from '../../store/row-columns.ts'
import { microsOf } from '../place.ts'

/** An event that a rule made of several others, as it is stored. */
export function storedEvent(event: EventJson): StoredEvent {
  const { cluster = '', owner = '', session = '', session_uuid = '', host = '' } = event
  const { profile = '', source = '', file, file_id, generation, offset, length, message, ts } = event
  const place = { cluster, owner, session, session_uuid, host, profile, source, file, file_id }
  const row: EventRow = {
    file: fileOfRow(place, generation),
    verdict: {
      ...{ row: 0, kind: 'signature', ruleId: event.rule_id ?? '' },
      ...{ ruleVersion: event.rule_version ?? 0, severity: event.severity ?? 'info' },
      ...{ phase: event.phase ?? '', layer: event.layer ?? '', captures: {} },
    },
    ts: Number(microsOf(ts)),
    tsQuality: TS_QUALITIES.indexOf(event.ts_quality as (typeof TS_QUALITIES)[number]),
    ...{ offset, length, continued: 0, level: '', component: '', message },
  }
  return { event: row, id: event.event_id, duplicateOf: '' }
}

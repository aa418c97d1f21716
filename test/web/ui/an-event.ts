import type { EventJson } from '../../../src/event-json.ts'

/** An event at a time of a January morning, with what a test is about. */
export function anEvent(clock: string, part: Partial<EventJson> = {}): EventJson {
  return {
    event_id: `${clock}${part.offset ?? 0}`,
    ts: `2026-01-05T${clock}Z`.replace(/(:\d\d)Z$/, '$1.000000Z'),
    ts_quality: 'parsed',
    source: 'setup',
    host: 'ip-10-0-0-1',
    owner: 'jdoe',
    session: 'desk',
    file: '/var/log/setup.log',
    file_id: 'f1',
    generation: 0,
    offset: 0,
    length: 10,
    message: 'a line',
    kind: 'line',
    ...part,
  }
}

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openEmbedded } from '../../src/store/client.ts'
import { migrate } from '../../src/store/migrate.ts'
import { selectNearby } from '../../src/store/shared-query.ts'
import { tempDir } from '../support/temp-dir.ts'

it('events of a rule come once each, with what is near them, also if they are failed launches themselves', async () => {
  const store = await openEmbedded(join(tempDir(), 'store'))
  try {
    await migrate(store)
    const row = (offset: number, time: string, rule: string, severity: string) =>
      `('b', '${offset}', '2026-05-04 ${time}', '2026-05-04 12:00:00', 'web-ui', 'f', ${offset}, 10, 'signature', '${rule}', '${severity}', 'launch')`
    await store.command(
      `INSERT INTO dcvlens.events (batch, event_id, ts, ingested_at, source, file_id, offset, length, kind, rule_id, severity, phase) VALUES
       ${row(0, '10:00:00', 'asked', 'error')}, ${row(10, '10:00:30', 'listed', 'info')}, ${row(20, '10:00:40', 'refused', 'error')},
       ${row(30, '10:02:00', 'listed', 'info')}, ${row(40, '10:02:00', 'refused', 'error')}, ${row(50, '10:00:10', 'other', 'info')}`,
    )
    const span = { shared: ['web-ui'], from: undefined }
    const found = await selectNearby(store, span, { wanted: 'asked', beside: 'listed', withinMs: 60_000 })
    expect(found.map(({ offset, rule_id }) => [offset, rule_id])).toEqual([
      [0, 'asked'],
      [10, 'listed'],
      [20, 'refused'],
    ])
  } finally {
    await store.close()
  }
})

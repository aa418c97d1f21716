import { expect, it, onTestFinished } from 'vitest'
import { selectRuleSessions } from '../../src/store/event-query.ts'
import { openHistory } from '../support/event-history.ts'
import { tempDir } from '../support/temp-dir.ts'

it('the desktops of a rule are those in which it told of a failure, not of what is only noted', async () => {
  const { store, add } = await openHistory(tempDir())
  onTestFinished(() => store.close())
  const atMs = Date.UTC(2026, 2, 4, 10)
  const place = { atMs, owner: 'mira' }
  await add([
    { ...place, rule: 'noted', severity: 'info', session: 'Cad1' },
    { ...place, rule: 'broken', severity: 'error', session: 'Cad1' },
    { ...place, rule: 'broken', severity: 'warning', session: 'Cad2' },
  ])
  const rows = await selectRuleSessions(store, { from: '2026-03-04T00:00:00Z', to: '2026-03-05T00:00:00Z' })
  expect(rows.map(({ rule_id, sessions }) => [rule_id, sessions.toSorted()])).toEqual([
    ['broken', ['mira/Cad1', 'mira/Cad2']],
  ])
})

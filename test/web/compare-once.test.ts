import { rmSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import type { Store } from '../../src/store/client.ts'
import { startApi } from '../support/api.ts'
import { type Happened, openHistory } from '../support/event-history.ts'
import { tempDir } from '../support/temp-dir.ts'

const BEGIN = Date.parse('2026-03-10T12:00:00Z')

it('a comparison of two desktops asks the store nothing twice', async () => {
  const folder = tempDir()
  const { store, add } = await openHistory(folder)
  const asked: string[] = []
  const spied: Store = {
    ...store,
    query: (sql, params) => {
      asked.push(JSON.stringify([sql, params]))
      return store.query(sql, params)
    },
  }
  const server = await startApi({ store: spied })
  onTestFinished(async () => {
    await server.close()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const told = (owner: string, rule: string, at: number): Happened => ({
    ...{ atMs: BEGIN + at * 1000, rule, severity: 'info', kind: 'milestone', profile: 'soca-24' },
    ...{ owner, session: 'cad', host: `ip-10-0-0-${owner.length}`, source: 'user-data' },
  })
  await add([
    told('ann', 'milestone-user-data-begin', 0),
    told('bob2', 'milestone-user-data-begin', 1),
    told('bob2', 'milestone-user-data-done', 60),
  ])
  const answered = await fetch(`${server.url}/api/v1/compare?a=ann/cad&b=bob2/cad`)
  const { a, b, missing } = (await answered.json()) as Record<'a' | 'b', { session: string }> & {
    missing: readonly { rule_id: string }[]
  }
  expect([a.session, b.session]).toEqual(['ann/cad', 'bob2/cad'])
  expect(missing.map(({ rule_id }) => rule_id)).toEqual(['milestone-user-data-done'])
  expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted())
  // The next question is answered anew.
  await add([told('ann', 'milestone-user-data-done', 90)])
  const again = await fetch(`${server.url}/api/v1/compare?a=ann/cad&b=bob2/cad`)
  expect(await again.json()).toMatchObject({ missing: [] })
})

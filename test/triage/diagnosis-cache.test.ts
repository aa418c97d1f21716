import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { RowVerdict } from '../../src/model.ts'
import { Batch } from '../../src/store/batch.ts'
import { openEmbedded, type Store } from '../../src/store/client.ts'
import { Copies } from '../../src/store/copies.ts'
import { insertBatch } from '../../src/store/insert.ts'
import { openJournal } from '../../src/store/journal.ts'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { migrate } from '../../src/store/migrate.ts'
import { DiagnosisCache } from '../../src/triage/sessions/diagnosis-cache.ts'
import { askSessions, SESSIONS } from '../../src/triage/sessions/sessions.ts'
import { libraryOf } from '../../src/web/service.ts'
import { serviceOn } from '../support/api.ts'
import { someChunk, someFile } from '../support/chunks.ts'
import { tempDir } from '../support/temp-dir.ts'

const NOW = Date.now()
const failure = (row: number): RowVerdict => ({
  ...{ row, kind: 'signature', ruleId: 'nfs-timeout', ruleVersion: 1, severity: 'error' },
  ...{ phase: 'mount', layer: 'environment', captures: {} },
})

/** Stores lines of a desktop, the last of which is a failure if it shall be. */
async function write(store: Store, session: string, offset: number, isFailing: boolean): Promise<void> {
  const journal = openJournal<string>(join(tempDir(), 'journal'))
  const name = `B-${session}-${offset}`
  const batch = new Batch<string>(journal, new LinesBlock(), {
    ...{ name, nowMs: NOW, ruleSet: 'r', copies: new Copies() },
  })
  const rows = ['one', 'two'].map((message, i) => ({ message, ts: (NOW - 60_000 + offset + i) * 1000 }))
  const identity = { ...someFile.identity, owner: 'ann', session, host: `ip-10-0-0-${session.length}` }
  const file = {
    ...{ ...someFile, identity, profile: 'soca-24', source: 'filesystems-mount' },
    ...{ path: `/logs/${session}/mount.log`, fileId: session.padEnd(16, '0') },
  }
  batch.append(someChunk(rows, { file, offset, verdicts: isFailing ? [failure(1)] : [] }), [], 'f', () => 'c')
  await insertBatch(store, journal, await batch.seal())
}

it('a desktop is diagnosed anew when something of it was stored, and only then', async () => {
  const folder = tempDir()
  const store = await openEmbedded(join(folder, 'store'))
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await migrate(store)
  await write(store, 'a', 0, false)
  await write(store, 'bb', 0, false)
  const stories: unknown[] = []
  const counted: Store = {
    ...store,
    query: (sql, params) => {
      if (sql.includes('source NOT IN') && sql.includes('captures')) stories.push(params)
      return store.query(sql, params)
    },
  }
  const diagnosisCache = new DiagnosisCache()
  const ask = async () => {
    const library = { ...libraryOf(serviceOn(counted)), nowMs: NOW, diagnosisCache }
    const { items } = await askSessions(SESSIONS.parse({}), library)
    return Object.fromEntries(items.map(({ name, status }) => [name, status]))
  }
  const before = await ask()
  expect(Object.keys(before).sort()).toEqual(['a', 'bb'])
  expect(stories).toHaveLength(1)
  expect(await ask()).toEqual(before)
  expect(stories).toHaveLength(1)
  await write(store, 'bb', 1000, true)
  expect(await ask()).toEqual({ ...before, bb: 'failed' })
  expect(stories).toHaveLength(2)
  expect(stories[1]).toMatchObject({ owner: 'ann', session: 'bb' })
})

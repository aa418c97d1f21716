import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { type Clock, systemClock } from '../../src/clock.ts'
import type { RowVerdict } from '../../src/model.ts'
import { Batch } from '../../src/store/batch.ts'
import { openEmbedded, type Store } from '../../src/store/client.ts'
import { Copies } from '../../src/store/copies.ts'
import { insertBatch } from '../../src/store/insert.ts'
import { openJournal } from '../../src/store/journal.ts'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { migrate } from '../../src/store/migrate.ts'

import { askOverview, OVERVIEW } from '../../src/triage/overview.ts'

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
  // What is looked at unasked serves the next question.
  const looked = { ...libraryOf(serviceOn(counted)), nowMs: NOW }
  const pace = { isStopped: () => false, rest: async () => {} }
  for await (const made of diagnosisCache.anew(['ann/a', 'ann/bb'], looked, pace)) expect(made).toEqual([])
  expect(stories.splice(1)).toHaveLength(1)
  expect(await ask()).toEqual(before)
  expect(stories).toHaveLength(1)
  await write(store, 'bb', 1000, true)
  expect(await ask()).toEqual({ ...before, bb: 'failed' })
  expect(stories).toHaveLength(2)
  expect(stories[1]).toMatchObject({ owner: 'ann', session: 'bb' })
})

/** Stores one failure of each of so many desktops, and a line beside it. */
async function storeFailures(store: Store, count: number): Promise<void> {
  const columns =
    'batch, ts, ts_quality, ingested_at, profile, owner, session, host, source, file, file_id, length, message'
  const values = `'B', toDateTime64(${NOW / 1000 - 60} - number, 6, 'UTC'), 'parsed', toDateTime64(${NOW / 1000}, 3, 'UTC'), 'soca-24', 'ann',
    concat('d', toString(number)), concat('ip-10-0-', toString(intDiv(number, 250)), '-', toString(number % 250)), 'filesystems-mount',
    concat('/logs/', toString(number), '/mount.log'), leftPad(toString(number), 16, '0'), 10, 'no answer'`
  await store.command(`INSERT INTO dcvlens.lines (${columns}) SELECT ${values} FROM numbers(${count})`)
  await store.command(
    `INSERT INTO dcvlens.events (${columns}, event_id, kind, rule_id, rule_version, severity, phase, layer)
     SELECT ${values}, leftPad(toString(number), 32, '0'), 'signature', 'nfs-timeout', 1, 'error', 'mount', 'environment' FROM numbers(${count})`,
  )
}

/** How 450 desktops stand, of which nobody has asked before. */
async function manyDesktops(clock: Clock = systemClock) {
  const folder = tempDir()
  const store = await openEmbedded(join(folder, 'store'))
  const diagnosisCache = new DiagnosisCache(clock)
  onTestFinished(async () => {
    await diagnosisCache.close()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await migrate(store)
  await storeFailures(store, 450)
  const statements: string[] = []
  const spied: Store = {
    ...store,
    query: (sql, params) => {
      statements.push(sql)
      return store.query(sql, params)
    },
  }
  const library = () => ({ ...libraryOf(serviceOn(spied)), nowMs: NOW, diagnosisCache })
  return { store, library, statements, overview: () => askOverview(OVERVIEW.parse({}), library()) }
}

it('an overview of many desktops does not wait for all of them; whoever asks for the desktops does', async () => {
  const { library, overview } = await manyDesktops()
  const first = await overview()
  const counted = first.sessions.failed ?? 0
  expect(counted).toBeGreaterThan(0)
  expect(counted).toBeLessThan(450)
  expect(first).toMatchObject({ sessions: { failed: counted }, pending: 450 - counted })
  const { items } = await askSessions(SESSIONS.parse({}), library())
  expect(items.filter(({ status }) => status === 'failed')).toHaveLength(450)
  expect(await overview()).toMatchObject({ sessions: { failed: 450 }, pending: 0 })
})

it('what an overview did not wait for is diagnosed beside the questions', async () => {
  const { overview } = await manyDesktops()
  const counts = [(await overview()).pending]
  expect(counts[0]).toBeGreaterThan(0)
  while (counts.at(-1) !== 0) counts.push((await overview()).pending)
  expect(counts).toEqual(counts.toSorted((a, b) => b - a))
})

it('a desktop that is new, or has written more, does not wait for the many that are diagnosed beside the questions', async () => {
  let noteRest = () => {}
  const rest = new Promise<void>((resolve) => {
    noteRest = resolve
  })
  // Rests after its first portion, until it is stopped.
  const sleep: Clock['sleep'] = (ms, signal) => {
    noteRest()
    return systemClock.sleep(ms * 1e6, signal)
  }
  const { store, library, overview } = await manyDesktops({ ...systemClock, sleep })
  await overview()
  await rest
  const { pending } = await overview()
  expect(pending).toBeGreaterThan(0)
  await write(store, 'a', 0, false)
  expect(await overview()).toMatchObject({ sessions: { unknown: 1 }, pending })
  await write(store, 'a', 1000, true)
  const { sessions } = await overview()
  expect(sessions).toEqual({ failed: 451 - pending })
  await library().diagnosisCache.close()
})

it('the parts of an overview ask only once what is stored of the desktops', async () => {
  const { library, statements, overview } = await manyDesktops()
  await askSessions(SESSIONS.parse({}), library())
  statements.length = 0
  await overview()
  const counts = statements.filter((sql) => sql.includes('GROUP BY owner, session, host'))
  expect(counts.map((sql) => /dcvlens\.\w+/.exec(sql)?.[0])).toEqual(['dcvlens.lines', 'dcvlens.events'])
})

import { expect, it } from 'vitest'
import type { Clock } from '../../src/clock.ts'
import { createLog } from '../../src/log.ts'
import { Batch } from '../../src/store/batch.ts'
import type { Store } from '../../src/store/client.ts'
import { Copies } from '../../src/store/copies.ts'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { storingCorrelated } from '../../src/triage/correlated/storing.ts'
import type { EventWriting } from '../../src/triage/rules/apply.ts'
import { DiagnosisCache } from '../../src/triage/sessions/diagnosis-cache.ts'
import { libraryOf } from '../../src/web/service.ts'
import { serviceOn } from '../support/api.ts'
import { someChunk, someFile } from '../support/chunks.ts'
import { tempDir } from '../support/temp-dir.ts'
import { emptyStore, startRun } from './event-writing.ts'

/** The store keeps lines of the last days only. */
const BEGIN_MS = Date.now() - 86_400_000
const MINUTE_MS = 60_000
const ARRIVAL_MS = 2000
/** The setup of a host is waited for so long. */
const WAIT_MINUTES = 60
/** What happened so many minutes ago may still be told differently by an agent. */
const RECENT_MINUTES = 5

/** Stores that the setup of a desktop began, in whose log nothing follows. */
async function begin({ journal, inserter, names, stored }: EventWriting<string>, desktop: string) {
  const batch = new Batch(journal, new LinesBlock(), {
    ...{ name: names.next(BEGIN_MS), nowMs: BEGIN_MS, ruleSet: 'r', copies: new Copies() },
  })
  const identity = { ...someFile.identity, session: desktop, host: `ip-${desktop}` }
  const file = { ...someFile, identity, source: 'setup', path: `/logs/${desktop}.log`, fileId: desktop }
  const chunk = someChunk([{ message: 'Setup Start', ts: BEGIN_MS * 1000 }], {
    file,
    verdicts: [
      {
        ...{ row: 0, kind: 'milestone', ruleId: 'milestone-setup-begin', ruleVersion: 1, severity: 'info' },
        ...{ phase: 'setup', layer: 'product', captures: {} },
      },
    ],
  })
  batch.append(chunk, [], desktop, () => 'c')
  await inserter.hand(await batch.seal())
  await stored()
}

/** One desktop that stalled, and what looks at it at a time that the test sets. */
async function lookingAt(desktop: string) {
  const store = await emptyStore()
  const state = { minutes: WAIT_MINUTES + RECENT_MINUTES, isRead: true, onQuery: () => {} }
  const steps: string[] = []
  const clock: Clock = {
    nowMs: () => BEGIN_MS + state.minutes * MINUTE_MS,
    async sleep(ms) {
      if (ms === ARRIVAL_MS) steps.push('what is read arrives')
    },
  }
  const writing = await startRun(store, tempDir(), { clock })
  await begin(writing, desktop)
  const diagnosisCache = new DiagnosisCache(clock)
  const stop = new AbortController()
  const asked: Store = {
    ...store,
    query: (sql, params) => {
      state.onQuery()
      return store.query(sql, params)
    },
  }
  const service = { ...serviceOn(asked), clock, diagnosisCache }
  let rules = service.knowledge().rules
  const look = storingCorrelated({
    library: () => ({ ...libraryOf(service), rules }),
    writing: {
      ...writing,
      async stored() {
        steps.push('what was handed over is stored')
        await writing.stored()
      },
    },
    isRead: () => state.isRead,
    isReadHere: () => true,
    ...{ diagnosisCache, arrivalMs: ARRIVAL_MS, clock, signal: stop.signal, log: createLog('silent') },
  })
  const rows = () =>
    store.query<{ rule_id: string; ms: number }>(
      'SELECT rule_id, toFloat64(toUnixTimestamp64Milli(ts)) AS ms FROM dcvlens.events WHERE length = 0',
    )
  const changeRules = () => {
    rules = { ...rules }
  }
  return { state, steps, look, rows, stop, changeRules }
}

const STALL = [{ rule_id: 'absence-setup-end', ms: BEGIN_MS + WAIT_MINUTES * MINUTE_MS }]

it('where a rule about several events holds is stored once, after all that was read before', async () => {
  const { steps, look, rows } = await lookingAt('cad')
  await look()
  expect(await rows()).toEqual(STALL)
  expect(steps.slice(0, 2)).toEqual(['what is read arrives', 'what was handed over is stored'])
  await look()
  expect(await rows()).toEqual(STALL)
})

it('what has just happened is not stored until agents had their time', async () => {
  const { state, look, rows } = await lookingAt('cad')
  state.minutes = WAIT_MINUTES + RECENT_MINUTES - 1
  await look()
  expect(await rows()).toEqual([])
  state.minutes++
  await look()
  expect(await rows()).toEqual(STALL)
})

it('nothing is looked at before all is read', async () => {
  const { state, steps, look, rows } = await lookingAt('cad')
  state.isRead = false
  await look()
  expect([await rows(), steps]).toEqual([[], []])
})

it('nothing is stored if more comes, rules change or the program stops while it is looked at', async () => {
  const { state, look, rows, stop, changeRules } = await lookingAt('cad')
  const during = async (happening: () => void) => {
    state.onQuery = happening
    await look()
    return rows()
  }
  expect(
    await during(() => {
      state.isRead = false
    }),
  ).toEqual([])
  state.isRead = true
  expect(await during(changeRules)).toEqual([])
  expect(await during(() => stop.abort())).toEqual([])
})

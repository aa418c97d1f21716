import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config.ts'
import { type DataDir, lockDataDir, type ServiceAddress } from '../../data-dir.ts'
import { errorText, OpsError } from '../../errors.ts'
import { openEmbedded, openServer, type Store } from '../../store/client.ts'
import { type StoreFacts, selectStoreFacts, selectTableSizes } from '../../store/facts-query.ts'
import { type ReasonRow, selectLossReasons } from '../../store/ledger-query.ts'
import { migrations } from '../../store/migrate.ts'
import { selectMissingRights } from '../../store/rights-query.ts'
import { withoutPassword } from '../first-contact.ts'
import { askService } from '../service-answers.ts'
import { type Check, fail, notChecked, ok, warn } from './check.ts'
import type { Held } from './data-folder.ts'
import { ledgerCheck } from './ledger-check.ts'
import { serverVersionCheck } from './server-version.ts'
import { sizeChecks } from './size-check.ts'

/** A reachable server answers sooner. */
const ANSWER_MS = 10_000
const SKEW_MS = 5000
const LEDGER_MS = 24 * 3_600_000

/**
 * Is the store reachable, may we write to it, does it have our tables, and how much does its ledger count as lost? Changes
 * nothing.
 */
export async function storeChecks(
  config: Config,
  dir: DataDir,
  { pid, service }: Held,
  clock: Clock,
): Promise<Check[]> {
  if (config.store !== undefined) return serverChecks(config.store, clock)
  if (service !== undefined) return askedChecks(service, clock)
  if (pid !== undefined) return without('store', notChecked('store', `process ${pid} has it open`))
  return existsSync(dir.store) ? engineChecks(dir, clock) : [await emptyCheck(dir), ...UNKNOWN]
}

const UNKNOWN = [
  notChecked('schema', 'nothing is stored yet'),
  notChecked('loss ledger', 'nothing is stored yet'),
]

function without(why: string, check: Check): Check[] {
  return [
    check,
    notChecked('schema', `the ${why} does not answer`),
    notChecked('loss ledger', `the ${why} does not answer`),
  ]
}

async function serverChecks(url: string, clock: Clock): Promise<Check[]> {
  const shown = withoutPassword(url)
  const store = openServer(url)
  try {
    const before = clock.nowMs()
    const facts = await inTime(selectStoreFacts(store), clock)
    const skewMs = facts.now_ms - (before + clock.nowMs()) / 2
    const cluster = await inTime(store.cluster(), clock)
    const where = cluster === undefined ? '' : `; the tables are on the cluster ${cluster}`
    return [
      serverVersionCheck(facts.version, `${shown}${where}`),
      serverClockCheck(skewMs),
      await rightsCheck(store, facts),
      schemaCheck(facts),
      ...sizeChecks(await inTime(selectTableSizes(store), clock)),
      await ledgerOf(store, facts, clock),
    ]
  } catch (error) {
    const remedy = 'Check that ClickHouse runs there, and the user and password in --store.'
    return without('store', fail('store', `${shown} does not answer: ${errorText(error)}`, remedy))
  } finally {
    await store.close()
  }
}

async function askedChecks(service: ServiceAddress, clock: Clock): Promise<Check[]> {
  const signal = AbortSignal.timeout(ANSWER_MS)
  try {
    const [facts] = (await askService(service, 'store', {}, signal)).items as StoreFacts[]
    if (facts === undefined) throw new Error('it reports nothing about its store')
    const from = new Date(clock.nowMs() - LEDGER_MS).toISOString()
    const losses = (await askService(service, 'losses', { from }, signal)).items as ReasonRow[]
    return [
      ok('store', `ClickHouse ${facts.version}, open in the service`),
      schemaCheck(facts),
      ledgerCheck(losses),
    ]
  } catch (error) {
    const remedy = 'See its log; is it starting or stopping just now?'
    return without('service', fail('store', `the service does not tell: ${errorText(error)}`, remedy))
  }
}

async function engineChecks(dir: DataDir, clock: Clock): Promise<Check[]> {
  try {
    const lock = lockDataDir(dir)
    try {
      const store = await openEmbedded(dir.store)
      try {
        const facts = await selectStoreFacts(store)
        const told = ok('store', `ClickHouse ${facts.version}, embedded, in ${dir.store}`)
        const sizes = sizeChecks(await selectTableSizes(store))
        return [told, schemaCheck(facts), ...sizes, await ledgerOf(store, facts, clock)]
      } finally {
        await store.close()
      }
    } finally {
      lock.release()
    }
  } catch (error) {
    return without('store', engineFault(error))
  }
}

/** Tries the engine on a temporary folder, so that the data directory is not touched. */
async function emptyCheck(dir: DataDir): Promise<Check> {
  const folder = mkdtempSync(join(tmpdir(), 'dcvlens-doctor-'))
  try {
    const store = await openEmbedded(folder)
    try {
      const { version } = await selectStoreFacts(store)
      return ok('store', `ClickHouse ${version}, embedded; nothing is stored in ${dir.path} yet`)
    } finally {
      await store.close()
    }
  } catch (error) {
    return engineFault(error)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function engineFault(error: unknown): Check {
  const hint = error instanceof OpsError ? error.hint : 'Use a ClickHouse server with --store URL.'
  return fail('store', errorText(error), hint)
}

function serverClockCheck(skewMs: number): Check {
  const told = `the clock of the server and ours differ by ${(Math.abs(skewMs) / 1000).toFixed(1)} s`
  if (Math.abs(skewMs) <= SKEW_MS) return ok('store clock', told)
  return warn('store clock', told, 'Run chrony (or NTP) on both machines.')
}

async function rightsCheck(store: Store, { user }: StoreFacts): Promise<Check> {
  try {
    const missing = await selectMissingRights(store)
    if (missing.length === 0) return ok('rights', `${user} may create, insert and select`)
    const remedy = `Run on the server: GRANT SELECT, INSERT, CREATE, ALTER DELETE ON dcvlens.* TO ${user}`
    return fail('rights', `${user} lacks ${missing.join(', ')} on dcvlens.*`, remedy)
  } catch (error) {
    return notChecked('rights', `SHOW GRANTS FINAL: ${errorText(error)}`)
  }
}

function schemaCheck({ schema, retention_days }: StoreFacts): Check {
  const newest = migrations().at(-1)?.version ?? 0
  const kept = retention_days > 0 ? `; lines are kept for ${retention_days} days` : ''
  if (schema === newest) return ok('schema', `version ${schema}, up to date${kept}`)
  if (schema === 0) return ok('schema', 'no tables yet; the first `serve`, `ingest` or `migrate` makes them')
  if (schema < newest) {
    return warn(
      'schema',
      `version ${schema}, this program has ${newest}`,
      'The next `serve` upgrades it, or `dcvlens migrate` does.',
    )
  }
  return fail(
    'schema',
    `version ${schema}, this program knows ${newest}`,
    'Use the newer dcvlens that made it.',
  )
}

async function ledgerOf(store: Store, { schema }: StoreFacts, clock: Clock): Promise<Check> {
  if (schema === 0) return notChecked('loss ledger', 'nothing is stored yet')
  const from = new Date(clock.nowMs() - LEDGER_MS).toISOString()
  return ledgerCheck(await inTime(selectLossReasons(store, { from }), clock))
}

async function inTime<T>(work: Promise<T>, clock: Clock): Promise<T> {
  const done = new AbortController()
  const late = clock.sleep(ANSWER_MS, done.signal).then((): never => {
    throw new Error(`no answer in ${ANSWER_MS / 1000} s`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    late.catch(() => {})
    done.abort()
  }
}

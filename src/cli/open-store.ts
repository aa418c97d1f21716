import { mkdirSync } from 'node:fs'
import type { Config } from '../config.ts'
import { type DataDir, dataDir, holderPid, lockDataDir } from '../data-dir.ts'
import { errorText, OpsError, usageError } from '../errors.ts'
import { type OpenStore, openEmbedded, openServer } from '../store/client.ts'
import { migrate } from '../store/migrate.ts'
import { firstContact, unlessStopped, type Waiting, withoutPassword } from './first-contact.ts'

/** Opens the configured store; with `waiting`, gives up soon on a server that does not answer. */
export async function openStore(config: Config, dir: DataDir, waiting?: Waiting): Promise<OpenStore> {
  if (config.store === undefined) {
    mkdirSync(dir.store, { recursive: true })
    return openEmbedded(dir.store)
  }
  const store = openServer(config.store)
  if (waiting === undefined) return store
  try {
    await firstContact(store, config.store, waiting)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Opens the store with its schema up to date. For the embedded engine, holds the data directory until the store is closed. */
export async function openReadyStore(config: Config, waiting?: Waiting): Promise<OpenStore> {
  const dir = dataDir(config.data)
  const lock = config.store === undefined ? lockDataDir(dir) : undefined
  let store: OpenStore | undefined
  try {
    store = await openStore(config, dir, waiting)
    const ready = reachable(migrate(store), config)
    // The embedded engine must not be closed while it works; a server finishes by itself.
    await (waiting === undefined || store.kind === 'embedded' ? ready : unlessStopped(ready, waiting.signal))
  } catch (error) {
    await store?.close()
    lock?.release()
    throw error
  }
  const opened = store
  return {
    ...opened,
    async close() {
      await opened.close()
      lock?.release()
    },
  }
}

/** Turns the failure of a store that does not answer into an error that names the store. */
export async function reachable<T>(work: Promise<T>, { store, data }: Config): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (cause instanceof OpsError) throw cause
    throw new OpsError(
      'E_STORE_DOWN',
      `the store ${store === undefined ? data : withoutPassword(store)} does not answer: ${errorText(cause)}`,
      'Check that ClickHouse runs there, and the user and password in the URL.',
      { cause },
    )
  }
}

/** Throws if a process that answers no questions holds the data directory. */
export function refuseHeld(dir: DataDir): void {
  const pid = holderPid(dir)
  if (pid === undefined) return
  throw new OpsError(
    'E_DATA_HELD',
    `${dir.path} is in use by process ${pid}, which answers no questions`,
    'Wait until it is done (an ingest?) and try again.',
  )
}

/** The error for a data directory without a store. A question must not create one, since the name may be mistyped. */
export function nothingStored({ path }: DataDir, why: string): OpsError {
  return usageError(
    'E_NOTHING_STORED',
    `nothing was stored from ${path}: ${why}`,
    'Name the data directory of the service (or of the ingest) with --data DIR.',
  )
}

import { mkdirSync } from 'node:fs'
import type { Config } from '../config.ts'
import { type DataDir, dataDir, holderPid, lockDataDir } from '../data-dir.ts'
import { errorText, OpsError, usageError } from '../errors.ts'
import { type OpenStore, openEmbedded, openServer } from '../store/client.ts'
import { migrate } from '../store/migrate.ts'
import { firstContact, unlessStopped, type Waiting, withoutPassword } from './first-contact.ts'

/** Opens the store that the configuration names; with `waiting`, a server that does not answer is given up soon. */
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

/** Opens the store with its schema up to date. On the embedded engine the data directory is held until it is closed. */
export async function openReadyStore(config: Config, waiting?: Waiting): Promise<OpenStore> {
  const dir = dataDir(config.data)
  const lock = config.store === undefined ? lockDataDir(dir) : undefined
  let store: OpenStore | undefined
  try {
    store = await openStore(config, dir, waiting)
    const ready = reachable(migrate(store), config)
    // The embedded engine must not be closed while it works; a server goes on by itself.
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

/** Turns a store that does not answer into an error that names it. */
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

/** Throws if a process has the data directory that answers no questions. */
export function refuseHeld(dir: DataDir): void {
  const pid = holderPid(dir)
  if (pid === undefined) return
  throw new OpsError(
    'E_DATA_HELD',
    `${dir.path} is in use by process ${pid}, which answers no questions`,
    'Wait until it is done (an ingest?) and try again.',
  )
}

/** A question must not make a store where the name of its folder is mistyped. */
export function nothingStored({ path }: DataDir, why: string): OpsError {
  return usageError(
    'E_NOTHING_STORED',
    `nothing was stored from ${path}: ${why}`,
    'Name the data directory of the service (or of the ingest) with --data DIR.',
  )
}

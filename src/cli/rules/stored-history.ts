import { existsSync } from 'node:fs'
import type { Config } from '../../config.ts'
import { dataDir, runningService, type ServiceAddress } from '../../data-dir.ts'
import { nothingStored, refuseHeld } from '../open-store.ts'

/**
 * The running service that holds the embedded store; undefined if this process can read the store itself. Throws if nothing
 * is stored.
 */
export function historyHolder(config: Config): ServiceAddress | undefined {
  if (config.store !== undefined) return undefined
  const dir = dataDir(config.data)
  const service = runningService(dir)
  if (service !== undefined) return service
  refuseHeld(dir)
  if (!existsSync(dir.store)) throw nothingStored(dir, 'there is no store')
  return undefined
}

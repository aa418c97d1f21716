import { existsSync } from 'node:fs'
import type { Config } from '../../config.ts'
import { dataDir, runningService } from '../../data-dir.ts'
import { OpsError } from '../../errors.ts'
import { nothingStored } from '../open-store.ts'

/** Throws where the lines of the embedded store cannot be read again: nothing was stored there, or the service has them. */
export function checkHistory(config: Config, whileItRuns: string): void {
  if (config.store !== undefined) return
  const dir = dataDir(config.data)
  if (!existsSync(dir.store)) throw nothingStored(dir, 'there is no store')
  const service = runningService(dir)
  if (service === undefined) return
  throw new OpsError(
    'E_DATA_HELD',
    `${dir.path} is in use by \`serve\` (process ${service.pid})`,
    whileItRuns,
  )
}

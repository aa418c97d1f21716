import { resolve } from 'node:path'
import type { Clock } from '../clock.ts'
import { type NetworkMount, networkMounts, silentMounts } from '../collect/mounts.ts'
import type { Config } from '../config.ts'

const ANSWER_MS = 5000

/**
 * The network file systems around these paths, or mounted below them, that do not answer. To be asked before the paths are
 * looked at: a call that hangs would hold up the whole command, and the signals that should end it.
 */
export function silentFolders(
  paths: readonly string[],
  { networkFolders }: Config,
  clock: Clock,
): Promise<NetworkMount[]> {
  const folders = paths.map((path) => resolve(path))
  return silentMounts(networkMounts(networkFolders), folders, ANSWER_MS, clock)
}

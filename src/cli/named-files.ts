import type { Clock } from '../clock.ts'
import { defaultLocations, locationGlobs } from '../collect/discover.ts'
import { discoverNamed, inReadingOrder, type NamedPaths } from '../collect/discover-named.ts'
import type { LayoutSet } from '../collect/layout.ts'
import type { Found } from '../collect/log-names.ts'
import { globsByMount } from '../collect/mounts.ts'
import { type NotRead, unreachable } from '../collect/not-read.ts'
import { ownOutput } from '../collect/own-output.ts'
import type { Config } from '../config.ts'
import { silentFolders } from './silent-folders.ts'

/** The files that the paths of a command line name now; without paths, those of the default locations. */
export async function filesOf(
  paths: readonly string[],
  config: Config,
  layouts: LayoutSet,
  clock: Clock,
): Promise<NamedPaths> {
  const { root = '/' } = config
  const isOwn = ownOutput(config.data)
  if (paths.length > 0) {
    const silent = await silentFolders(paths, config, clock)
    return discoverNamed(paths, layouts, config.root, { isOwn, silent })
  }
  const silent = await silentFolders(layouts.bases(root), config, clock)
  const { local: globs } = globsByMount(locationGlobs(layouts, root), silent)
  const found: Found[] = []
  const notRead: NotRead[] = silent.map(unreachable)
  const scan = defaultLocations(layouts, root, { onNotRead: (file) => notRead.push(file), isOwn, globs })
  for await (const file of scan()) found.push(file)
  return { found: inReadingOrder(found), bundles: [], passedOver: 0, notRead }
}

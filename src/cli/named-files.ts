import { defaultLocations } from '../collect/discover.ts'
import { discoverNamed, inReadingOrder, type NamedPaths } from '../collect/discover-named.ts'
import type { LayoutSet } from '../collect/layout.ts'
import type { Found } from '../collect/log-names.ts'
import type { NotRead } from '../collect/not-read.ts'
import { ownOutput } from '../collect/own-output.ts'
import type { Config } from '../config.ts'

/** The files that the paths of a command line name now; without paths, those of the default locations. */
export async function filesOf(
  paths: readonly string[],
  config: Config,
  layouts: LayoutSet,
): Promise<NamedPaths> {
  const { root } = config
  const isOwn = ownOutput(config.data)
  if (paths.length > 0) return discoverNamed(paths, layouts, root, isOwn)
  const found: Found[] = []
  const notRead: NotRead[] = []
  const scan = defaultLocations(layouts, root ?? '/', { onNotRead: (file) => notRead.push(file), isOwn })
  for await (const file of scan()) found.push(file)
  return { found: inReadingOrder(found), bundles: [], passedOver: 0, notRead }
}

import { memberPlaces, type NamedPaths } from './discover-named.ts'
import type { Collected } from './feed.ts'
import type { FilesTally } from './files-tally.ts'
import type { LayoutSet } from './layout.ts'
import type { NotRead } from './not-read.ts'
import type { FeedContext } from './open-feed.ts'
import { isPartly } from './packing.ts'
import { readAll } from './read-all.ts'
import { readBundle } from './read-bundle.ts'

/** Reads everything that was found, files first, then the contents of bundles. `tally` is complete after the last chunk. */
export async function* readNamed(
  { found, bundles, passedOver, notRead }: NamedPaths,
  options: { readonly context: FeedContext; readonly layouts: LayoutSet; readonly tally: FilesTally },
): AsyncGenerator<Collected> {
  const { context, tally } = options
  tally.passedOver += passedOver
  tally.notRead.push(...notRead)
  tally.files += found.length
  const tell = (file: NotRead) => {
    tally.notRead.push(file)
    if (!isPartly(file)) tally.files--
  }
  yield* readAll(found, context, tell)
  const place = memberPlaces(options.layouts)
  for (const bundle of bundles) yield* readBundle(bundle, { context, place, tally })
}

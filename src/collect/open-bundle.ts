import type { FoundBundle, Placing } from './discover-named.ts'
import type { FilesTally } from './files-tally.ts'
import type { FeedContext } from './open-feed.ts'
import type { UnpackLimits } from './unpack-limits.ts'

export type BundleOptions = {
  readonly context: FeedContext
  readonly place: Placing
  readonly tally: FilesTally
  readonly limits?: UnpackLimits
}

/** An open bundle; one within another bundle was unpacked first. */
export type OpenBundle = FoundBundle & {
  readonly fd: number
  readonly mtimeMs: number
  readonly look: string
  readonly isInside: boolean
}

/** What a member is known by: its path, the path that is shown, and a look that changes with the bundle. */
export type MemberIdentity = { readonly path: string; readonly shown: string; readonly look: string }

/** The identity of a member, by its name within the bundle. The rotations of a log are in the same bundle. */
export function memberOf({ path, shown, look }: OpenBundle, name: string): MemberIdentity {
  return { path: `${path}!/${name}`, shown: `${shown}!/${name}`, look: `${look}!/${name}` }
}

import { join, resolve } from 'node:path'
import type { NamedPaths } from '../collect/discover-named.ts'
import type { Collected } from '../collect/feed.ts'
import { forgetfulFiles } from '../collect/file-index.ts'
import type { FilesTally } from '../collect/files-tally.ts'
import { readIsolated } from '../collect/isolated/isolated-reading.ts'
import type { KnownFiles } from '../collect/known-files.ts'
import { isWithin, mountOf, type NetworkMount, networkMounts } from '../collect/mounts.ts'
import { unreachable } from '../collect/not-read.ts'
import { readNamed } from '../collect/read-named.ts'
import type { Config } from '../config.ts'
import { PROGRAM_FOLDER } from '../program-folder.ts'
import type { Io } from './io.ts'
import type { Knowledge } from './knowledge.ts'
import type { NamedSettings } from './named-reading-process.ts'

const SCRIPT = join(PROGRAM_FOLDER, 'named-reading-process.js')

export type PathsReading = {
  readonly config: Config
  readonly knowledge: Knowledge
  readonly tally: FilesTally
  readonly io: Io
  /** How far files were read; nothing if absent. */
  readonly known?: KnownFiles
}

/**
 * Reads everything that was found, to the end of each file. What lies on a network file system is read by another process:
 * if it stops to answer, the rest of it is told as unreachable, and the command goes on. `tally` is complete after the last
 * chunk.
 */
export async function* readPaths(named: NamedPaths, reading: PathsReading): AsyncGenerator<Collected> {
  const { config, knowledge, tally, io, known = forgetfulFiles() } = reading
  const { near, far } = byMount(named, networkMounts(config.networkFolders))
  const context = knowledge.context(known, io.signal)
  yield* readNamed(near, { context, layouts: knowledge.layouts, tally })
  for (const [mount, files] of far) yield* readFar(mount, files, { ...reading, known })
}

async function* readFar(
  mount: NetworkMount,
  named: NamedPaths,
  { config, tally, io, known }: PathsReading & { readonly known: KnownFiles },
): AsyncGenerator<Collected> {
  const { folder } = mount
  const { clock, signal } = io
  const chunks = readIsolated<NamedSettings>({
    ...{ folder, clock, signal, script: SCRIPT, settings: { config, named } },
    checkpoints: [...known.all()].filter(({ lastPath }) => isWithin(lastPath, folder)),
    deadlineMs: config.networkDeadlineMs,
    note: (checkpoint) => known.note(checkpoint),
  })
  const begun = new Set<string>()
  for (;;) {
    const { done, value } = await chunks.next()
    if (done !== true) {
      begun.add(value.chunk.file.path)
      yield value
    } else if (value.kind === 'done') return tally.add(value.tally)
    else {
      tally.files += begun.size
      const isSilent = value.kind === 'silent'
      tally.notRead.push(
        isSilent ? unreachable(mount) : { path: folder, reason: 'unreachable', detail: value.detail },
      )
      return
    }
  }
}

/** Sorts what was found by the network file systems on which it lies; `near`: on none. */
function byMount(
  { found, bundles, passedOver, notRead }: NamedPaths,
  mounts: readonly NetworkMount[],
): { readonly near: NamedPaths; readonly far: ReadonlyMap<NetworkMount, NamedPaths> } {
  const mountAt = ({ path }: { readonly path: string }) => mountOf(resolve(path), mounts)
  const on = (mount: NetworkMount | undefined) => ({
    found: found.filter((file) => mountAt(file) === mount),
    bundles: bundles.filter((bundle) => mountAt(bundle) === mount),
  })
  const asked = new Set([...found, ...bundles].flatMap((file) => mountAt(file) ?? []))
  return {
    near: { ...on(undefined), passedOver, notRead },
    far: new Map(Array.from(asked, (mount) => [mount, { ...on(mount), passedOver: 0, notRead: [] }])),
  }
}

import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Checkpoint } from '../collect/checkpoint.ts'
import type { Checkpoints } from '../collect/checkpoints.ts'
import { defaultLocations, locationAt, locationGlobs } from '../collect/discover.ts'
import { Follower } from '../collect/follow.ts'
import { Followers } from '../collect/followers.ts'
import { hotFiles } from '../collect/hot-files.ts'
import { IsolatedFollower } from '../collect/isolated/isolated-follower.ts'
import { Sightings } from '../collect/isolated/sightings.ts'
import type { KnownFiles } from '../collect/known-files.ts'
import {
  fixedPart,
  globsByMount,
  isWithin,
  mountOf,
  type NetworkMount,
  networkMounts,
} from '../collect/mounts.ts'
import type { NotRead } from '../collect/not-read.ts'
import { descriptorLimit } from '../collect/open-file.ts'
import { ownOutput } from '../collect/own-output.ts'
import type { Config } from '../config.ts'
import { PROGRAM_FOLDER } from '../program-folder.ts'
import type { Io } from './io.ts'
import type { Knowledge } from './knowledge.ts'
import type { ReadingSettings } from './reading-process.ts'

const SCRIPT = join(PROGRAM_FOLDER, 'reading-process.js')
/** The name of the follower of this machine's own files. */
const LOCAL = ''

export type Following = {
  readonly followers: Followers
  /** Folders of this machine that are watched for changes. */
  readonly folders: readonly string[]
}

type FollowingNeeds = {
  readonly config: Config
  readonly io: Io
  readonly onNotRead: (file: NotRead) => void
  /** The same for files on network file systems, which this process must not touch. */
  readonly onFarNotRead: (file: NotRead) => void
}

/** Follows the default locations. Each network file system is read by a process of its own. */
export function followLocations(
  knowledge: Knowledge,
  checkpoints: Checkpoints,
  { config, io, onNotRead, onFarNotRead }: FollowingNeeds,
): Following {
  const { layouts } = knowledge
  const { clock, signal } = io
  const root = config.root ?? '/'
  const mounts = networkMounts(config.networkFolders)
  const { local, far } = globsByMount(locationGlobs(layouts, root), mounts)
  const sightings = new Sightings(checkpoints, [LOCAL, ...far.keys()])
  const known: KnownFiles = {
    ...checkpoints,
    sighted: (inodes, nowMs) => sightings.note(LOCAL, inodes, nowMs),
  }
  const whose = { isOwn: ownOutput(config.data), machine: machineOf(config) }
  const placeOf = locationAt(layouts, root, whose)
  const follower = new Follower({
    context: knowledge.context(known, signal),
    discover: defaultLocations(layouts, root, { globs: local, onNotRead, nowMs: clock.nowMs, ...whose }),
    // Files on network file systems are others' to look at.
    placeOf: (path) => (mountOf(path, mounts) === undefined ? placeOf(path) : undefined),
    ...{ clock, signal, onNotRead },
    scanMs: config.scanMs,
    flushMs: config.flushMs,
    lineFlushMs: config.lineFlushMs,
    maxHot: hotFiles(descriptorLimit()),
  })
  const isolated = Array.from(
    far,
    ([folder, globs]) =>
      new IsolatedFollower<ReadingSettings>({
        ...{ folder, clock, onNotRead: onFarNotRead, script: SCRIPT, settings: { config, globs } },
        checkpoints: () => checkpointsBelow(checkpoints, globs),
        deadlineMs: config.networkDeadlineMs,
        note: (checkpoint) => checkpoints.note(checkpoint),
        onSighted: (inodes) => sightings.note(folder, inodes, clock.nowMs()),
        onReady: () => follower.wake(),
      }),
  )
  const folders = layouts.bases(root).filter((base) => isLocal(base, mounts) && existsSync(base))
  return { followers: new Followers(follower, isolated, clock), folders }
}

/**
 * Is the folder on a disk of this machine, with no network file system above it or in it? Others must not be touched here,
 * since a file system that does not answer would hold up this process.
 */
function isLocal(folder: string, mounts: readonly NetworkMount[]): boolean {
  return mountOf(folder, mounts) === undefined && !mounts.some((mount) => isWithin(mount.folder, folder))
}

/** The host of logs that name none: this machine, without its domain, as in the folders of desktops. */
function machineOf({ machine, root }: Config): string | undefined {
  return machine ?? (root === undefined ? hostname().split('.')[0] : undefined)
}

/** The checkpoints of files that the globs can find. */
function checkpointsBelow(checkpoints: Checkpoints, globs: readonly string[]): Checkpoint[] {
  const folders = [...new Set(globs.map(fixedPart))]
  return [...checkpoints.all()].filter(({ lastPath }) => folders.some((folder) => isWithin(lastPath, folder)))
}

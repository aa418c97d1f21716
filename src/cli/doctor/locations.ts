import { closeSync, existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../clock.ts'
import { defaultLocations, locationGlobs, type Sighted } from '../../collect/discover.ts'
import type { LayoutSet } from '../../collect/layout.ts'
import {
  globsByMount,
  mountOf,
  type NetworkMount,
  networkMounts,
  silentMounts,
} from '../../collect/mounts.ts'
import { isMisnamed, type NotRead } from '../../collect/not-read.ts'
import { openRegular } from '../../collect/open-file.ts'
import type { Config } from '../../config.ts'
import { counted, grouped } from '../counted.ts'
import { type Check, fail, ok, warn } from './check.ts'
import { inotifyCheck } from './inotify.ts'

/** What was found below one folder, such as `/var/log`, with which one or more default locations begin. */
type Location = {
  readonly folder: string
  files: number
  readonly unreadable: NotRead[]
  readonly misnamed: NotRead[]
  readonly notFiles: NotRead[]
}

/** The tolerance for clocks that differ a little. */
const FUTURE_MS = 60_000
const NAMED = 3
const ANSWER_MS = 5000

/** Do the default locations exist, can everything in them be read, and will changes be noticed? */
export async function locationChecks(layouts: LayoutSet, config: Config, clock: Clock): Promise<Check[]> {
  const root = config.root ?? '/'
  const bases = layouts.bases(root)
  const mounts = networkMounts(config.networkFolders)
  const silent = await silentMounts(mounts, bases, ANSWER_MS, clock)
  // Looking into a file system that does not answer would block for ever.
  const { local: globs } = globsByMount(locationGlobs(layouts, root), silent)
  const folders = bases.filter((folder) => mountOf(folder, silent) === undefined && existsSync(folder))
  if (folders.length === 0 && silent.length > 0) return silent.map(silentCheck)
  if (folders.length === 0) {
    const remedy = 'Run it where the logs are, or name the root of a copied tree with --root DIR.'
    return [fail('locations', `none of ${bases.length} default locations exists`, remedy)]
  }
  const scan = (onNotRead: (file: NotRead) => void) => defaultLocations(layouts, root, { globs, onNotRead })()
  const { locations, future } = await look(scan, folders, clock.nowMs())
  const full = locations.filter(
    ({ files, unreadable, misnamed, notFiles }) =>
      files + unreadable.length + misnamed.length + notFiles.length > 0,
  )
  return [
    presenceCheck(full, folders.length, bases.length),
    ...silent.map(silentCheck),
    ...full.map((location) => locationCheck(location, mountOf(location.folder, mounts), config.scanMs)),
    futureCheck(future),
    inotifyCheck(folders.filter((folder) => mountOf(folder, mounts) === undefined)),
  ]
}

function silentCheck({ folder, name }: NetworkMount): Check {
  return fail(
    'location',
    `${folder}: ${name}, does not answer within ${ANSWER_MS / 1000} s`,
    'Check the file server and the route to it; detach a mount that hangs with `umount -f -l`. Everything else is watched meanwhile; reading continues here when it answers.',
  )
}

async function look(
  scan: (onNotRead: (file: NotRead) => void) => AsyncIterable<Sighted>,
  folders: readonly string[],
  nowMs: number,
): Promise<{ readonly locations: readonly Location[]; readonly future: readonly string[] }> {
  const locations = folders.map(
    (folder): Location => ({ folder, files: 0, unreadable: [], misnamed: [], notFiles: [] }),
  )
  // The longest folder that contains a path is its own.
  const byLength = [...locations].sort((a, b) => b.folder.length - a.folder.length)
  const ownerOf = (path: string) =>
    byLength.find(({ folder }) => path === folder || path.startsWith(join(folder, '/')))
  const note = (file: NotRead) => {
    const owner = ownerOf(file.path)
    if (file.reason === 'not-a-file') owner?.notFiles.push(file)
    else if (isMisnamed(file.path)) owner?.misnamed.push(file)
    else owner?.unreadable.push(file)
  }
  const future: string[] = []
  for await (const { path } of scan(note)) {
    const opened = openRegular(path)
    const owner = ownerOf(path)
    if ('refused' in opened) {
      if (opened.refused !== 'vanished') note({ path, reason: opened.refused, detail: opened.detail })
    } else {
      closeSync(opened.fd)
      if (opened.stat.mtimeMs > nowMs + FUTURE_MS) future.push(path)
      if (owner !== undefined) owner.files++
    }
  }
  return { locations, future }
}

function presenceCheck(full: readonly Location[], there: number, all: number): Check {
  const files = full.reduce((sum, location) => sum + location.files, 0)
  const told = `${counted(files, 'file')} below ${full.length} of ${all} default locations (${there} exist), read as ${userName()}`
  if (files > 0) return ok('locations', told)
  return warn(
    'locations',
    told,
    'Logs that come later are found. Is this the right machine, and is the shared disk mounted?',
  )
}

function locationCheck(
  { folder, files, unreadable, misnamed, notFiles }: Location,
  mount: NetworkMount | undefined,
  scanMs: number,
): Check {
  const polled =
    mount === undefined
      ? ''
      : `; on ${mount.name}: scanned every ${scanMs / 1000} s by a separate process, since changes there raise no notices`
  const told = `${folder}: ${counted(files, 'file')}${polled}`
  if (unreadable.length > 0) {
    return fail(
      'location',
      `${told}; not readable by ${userName()}: ${named(unreadable)}`,
      'Run as root or with CAP_DAC_READ_SEARCH (deploy/ has a systemd unit), or let this user read them.',
    )
  }
  if (misnamed.length > 0)
    return warn(
      'location',
      `${told}; not read: ${named(misnamed)}`,
      'Rename them; their names are not UTF-8.',
    )
  if (notFiles.length === 0) return ok('location', told)
  return warn(
    'location',
    `${told}; not read: ${named(notFiles)}`,
    'Links, FIFOs and devices are never opened: users own some of these folders. Put the log itself there.',
  )
}

function named(list: readonly NotRead[]): string {
  const shown = list.slice(0, NAMED).map(({ path, detail }) => `${path} (${detail})`)
  return list.length > NAMED
    ? `${shown.join(', ')} and ${grouped(list.length - NAMED)} more`
    : shown.join(', ')
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? '?'}`
  }
}

function futureCheck(future: readonly string[]): Check {
  if (future.length === 0) return ok('file times', 'none is in the future')
  return warn(
    'file times',
    `${counted(future.length, 'file')} written in the future: ${future.slice(0, NAMED).join(', ')}`,
    'Check the clocks of the machines that write them. Lines without a time of their own get that of their file.',
  )
}

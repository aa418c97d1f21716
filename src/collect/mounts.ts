import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Clock } from '../clock.ts'

/** A network file system: changes made by other machines raise no notice here, and a call may never return. */
export type NetworkMount = {
  readonly folder: string
  /** Its usual name. */
  readonly name: string
}

/** Types of file systems as in mountinfo; those of FUSE follow `fuse.`. */
const NAMES: Readonly<Record<string, string>> = {
  nfs: 'NFS (EFS is one)',
  nfs4: 'NFS (EFS is one)',
  lustre: 'Lustre (FSx)',
  cifs: 'SMB',
  smb3: 'SMB',
  smbfs: 'SMB',
  '9p': '9p',
  ceph: 'Ceph',
  afs: 'AFS',
  gpfs: 'GPFS',
  beegfs: 'BeeGFS',
  fuse: 'FUSE',
}

const MOUNTS = '/proc/self/mountinfo'

/**
 * The network file systems that are mounted, and folders configured as such. They are read from the kernel's mount table,
 * since statfs(2) would block on a file system that does not answer. Source of the format: proc_pid_mountinfo(5).
 */
export function networkMounts(
  folders: readonly string[] = [],
  table = readFileSync(MOUNTS, 'utf8'),
): NetworkMount[] {
  const mounted = mountsIn(table).flatMap(({ folder, type }) => {
    const name = NAMES[type.replace(/^fuse\..*/, 'fuse')]
    return name === undefined ? [] : [{ folder, name }]
  })
  const configured = folders.map((folder) => ({
    folder: resolve(folder),
    name: 'a network folder by the configuration',
  }))
  // The deepest mount that contains a path counts.
  return [...mounted, ...configured].sort((a, b) => b.folder.length - a.folder.length)
}

/** File systems that are no disk: the kernel makes up their files when they are read, some without an end. */
const KERNEL = new Set(
  'proc sysfs debugfs tracefs securityfs configfs cgroup cgroup2 bpf binfmt_misc efivarfs fusectl selinuxfs'.split(
    ' ',
  ),
)

/** The folders of file systems that are no disk, such as `/proc` and `/sys`. */
export function kernelMounts(table = readFileSync(MOUNTS, 'utf8')): string[] {
  return mountsIn(table).flatMap(({ folder, type }) => (KERNEL.has(type) ? [folder] : []))
}

function mountsIn(table: string): { readonly folder: string; readonly type: string }[] {
  return table.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ')
    const folder = unescaped(before.split(' ')[4] ?? '')
    return folder === '' ? [] : [{ folder, type: after.split(' ')[0] ?? '' }]
  })
}

/** The network mount that contains a path, if any. */
export function mountOf(path: string, mounts: readonly NetworkMount[]): NetworkMount | undefined {
  return mounts.find(({ folder }) => isWithin(path, folder))
}

/** Globs that touch no network file system, and those that do, by its folder. */
export type GlobsByMount = {
  readonly local: readonly string[]
  readonly far: ReadonlyMap<string, readonly string[]>
}

/** Sorts globs by the file systems that they reach into. */
export function globsByMount(globs: readonly string[], mounts: readonly NetworkMount[]): GlobsByMount {
  const local: string[] = []
  const far = new Map<string, string[]>()
  for (const glob of globs) {
    const fixed = fixedPart(glob)
    const mount = mountOf(fixed, mounts) ?? mounts.find(({ folder }) => isWithin(folder, fixed))
    if (mount === undefined) local.push(glob)
    else far.set(mount.folder, [...(far.get(mount.folder) ?? []), glob])
  }
  return { local, far }
}

const ASK = 'require("node:fs").statfsSync(process.argv[1])'

/** Does the file system of a folder answer within `timeoutMs`? Another process asks, and is abandoned if it hangs. */
export async function answers(folder: string, timeoutMs: number, clock: Clock): Promise<boolean> {
  const child = spawn(process.execPath, ['-e', ASK, folder], { stdio: 'ignore' })
  const over = new AbortController()
  const ended = new Promise<boolean>((done) => {
    child.once('error', () => done(true))
    child.once('exit', () => done(true))
  })
  const isInTime = await Promise.race([ended, clock.sleep(timeoutMs, over.signal).then(() => false)])
  over.abort()
  child.kill('SIGKILL')
  child.unref()
  return isInTime
}

/** Of the mounts that contain, or are below, one of these folders, those that do not answer within `timeoutMs`. */
export async function silentMounts(
  mounts: readonly NetworkMount[],
  folders: readonly string[],
  timeoutMs: number,
  clock: Clock,
): Promise<NetworkMount[]> {
  const asked = mounts.filter(({ folder }) =>
    folders.some((one) => isWithin(one, folder) || isWithin(folder, one)),
  )
  const answering = await Promise.all(asked.map(({ folder }) => answers(folder, timeoutMs, clock)))
  return asked.filter((_, i) => answering[i] === false)
}

/** The folders of a glob up to the first pattern. */
export function fixedPart(glob: string): string {
  const parts = glob.split('/').slice(0, -1)
  const open = parts.findIndex((part) => /[*?@+!([{\\]/.test(part))
  return (open < 0 ? parts : parts.slice(0, open)).join('/') || '/'
}

/** Is the path this folder, or below it? */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(join(folder, '/'))
}

/** The mount table writes blanks and the like as octal numbers. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

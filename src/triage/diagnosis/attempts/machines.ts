import { grouped } from '../../grouped.ts'
import type { FileFacts } from '../story.ts'
import { tokensOf } from './tokens.ts'

/**
 * Groups files by the machine that wrote them. Files that name no machine belong to the one that the tree was copied from;
 * they come last.
 */
export function machinesOf(
  files: readonly FileFacts[],
): readonly (readonly [string, readonly FileFacts[]])[] {
  const machines = grouped(files, (file) => nameIn(file) ?? (isOfWindows(file) ? 'windows' : 'linux'))
  const isNamed = ([, [file]]: readonly [string, readonly FileFacts[]]) =>
    file !== undefined && nameIn(file) !== undefined
  return [...machines].sort((a, b) => Number(isNamed(b)) - Number(isNamed(a)))
}

/**
 * If one system log names its machine and the other paths beside it name none, everything below the same root belongs to that
 * machine; so does the one folder there that is named after an instance.
 */
export function withMachines(files: readonly FileFacts[]): readonly FileFacts[] {
  const roots = new Map<string, { readonly hosts: Set<string>; readonly instances: Set<string> }>()
  for (const file of files.filter(isOfHost)) {
    const root = rootOf(file)
    const known = roots.get(root) ?? { hosts: new Set(), instances: new Set() }
    roots.set(root, known)
    const instance = instanceIn(file.file)
    if (file.host !== '') known.hosts.add(file.host)
    else if (instance !== undefined) known.instances.add(instance)
  }
  return files.map((file) => {
    const { hosts, instances } = roots.get(rootOf(file)) ?? { hosts: new Set<string>(), instances: new Set() }
    const [host] = hosts
    const isNameless = isOfHost(file) && file.host === ''
    return isNameless && host !== undefined && hosts.size === 1 && instances.size <= 1
      ? { ...file, host }
      : file
  })
}

/** The instance id that a path contains, if any. */
export function instanceIn(path: string): string | undefined {
  return tokensOf(path).find((token) => token.startsWith('i-'))
}

/** Is it a file of a Windows machine? */
export function isOfWindows({ source, file }: FileFacts): boolean {
  return source.startsWith('win-') || source === 'ec2launch' || /^\/?(?:c:?\/)?programdata\//i.test(file)
}

/** Does it lie on the disk of a Linux host: with its system logs, or where the bootstrap writes before `/apps` is mounted? */
function isOfHost(file: FileFacts): boolean {
  return !isOfWindows(file) && (file.profile === 'host' || isBeforeMount(file))
}

/** Did the bootstrap write it on the disk of the host, before the shared file system was there? */
export function isBeforeMount({ file }: FileFacts): boolean {
  return BEFORE_MOUNT.test(file)
}

const BEFORE_MOUNT = /\/root\/(?:edh|soca)_bootstrap_i-[0-9a-f]{8,17}\//

/** The part of the path before `/var/log`: the root of what was copied from one machine. */
export function rootOf({ file }: FileFacts): string {
  const at = Math.max(file.lastIndexOf('/var/log/'), file.search(BEFORE_MOUNT))
  return at < 0 ? file.slice(0, file.lastIndexOf('/')) : file.slice(0, at)
}

/** The host or instance that the path of a file names, if any. */
export function nameIn({ host, file }: FileFacts): string | undefined {
  return host || instanceIn(file)
}

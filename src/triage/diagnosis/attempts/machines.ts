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
 * If one system log names its machine and the other paths beside it name none, everything below the same folder belongs to
 * that machine.
 */
export function withMachines(files: readonly FileFacts[]): readonly FileFacts[] {
  const names = new Map<string, Set<string>>()
  for (const file of files.filter(isOfHost)) {
    const folder = folderOf(file)
    const known = names.get(folder) ?? new Set()
    names.set(folder, known.add(file.host || (instanceIn(file.file) ?? '')))
  }
  return files.map((file) => {
    const [host, ...others] = [...(names.get(folderOf(file)) ?? [])].filter((name) => name !== '')
    const isNameless = isOfHost(file) && file.host === '' && instanceIn(file.file) === undefined
    return isNameless && host !== undefined && others.length === 0 ? { ...file, host } : file
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

function isOfHost(file: FileFacts): boolean {
  return file.profile === 'host' && !isOfWindows(file)
}

/** The part of the path before `/var/log`: the root of what was copied from one machine. */
function folderOf({ file }: FileFacts): string {
  const at = file.lastIndexOf('/var/log/')
  return at < 0 ? file.slice(0, file.lastIndexOf('/')) : file.slice(0, at)
}

function nameIn({ host, file }: FileFacts): string | undefined {
  return host || instanceIn(file)
}

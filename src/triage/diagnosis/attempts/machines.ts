import { grouped } from '../../grouped.ts'
import type { FileFacts } from '../story.ts'
import { tokensOf } from './tokens.ts'

/** Files by the machine that wrote them; those without its name are of the one machine that the tree is of, and come last. */
export function machinesOf(
  files: readonly FileFacts[],
): readonly (readonly [string, readonly FileFacts[]])[] {
  const machines = grouped(files, (file) => nameIn(file) ?? (isOfWindows(file) ? 'windows' : 'linux'))
  const isNamed = ([, [file]]: readonly [string, readonly FileFacts[]]) =>
    file !== undefined && nameIn(file) !== undefined
  return [...machines].sort((a, b) => Number(isNamed(b)) - Number(isNamed(a)))
}

/**
 * Where one machine's system log tells its name, and the paths beside it tell none, all that lies below the same folder is of
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

/** The instance that a path names, if it names one. */
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

/** What stands before `/var/log` in the path: the root of what was copied from one machine. */
function folderOf({ file }: FileFacts): string {
  const at = file.lastIndexOf('/var/log/')
  return at < 0 ? file.slice(0, file.lastIndexOf('/')) : file.slice(0, at)
}

function nameIn({ host, file }: FileFacts): string | undefined {
  return host || instanceIn(file)
}

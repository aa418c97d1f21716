import { basename } from 'node:path'
import type { LayoutSet } from './layout.ts'
import { SHAPES } from './layout-pattern.ts'
import { type Found, placed } from './log-names.ts'

/**
 * The logs that are read, without the host that a folder's name seemed to be if the folder turns out to hold a whole cluster:
 * logs of more than a host's system. Where several folders bear such names, they tell machines apart, whatever they are.
 */
export function withoutClusterNames(files: readonly Found[], layouts: LayoutSet): readonly Found[] {
  const folders = new Set(files.flatMap((file) => labelFolder(file) ?? []))
  const [folder] = folders
  if (folder === undefined || folders.size > 1 || !files.some((file) => isOfCluster(file, folder)))
    return files
  return files.map((file) =>
    labelFolder(file) === undefined ? file : (placed(layouts, file.path, folder) ?? file),
  )
}

/** The folder that the host of a log is named after, though its name has not the shape that EC2 gives. */
function labelFolder({ path, place }: Found): string | undefined {
  const { host } = place.placement.identity
  if (host === '' || SHAPES.host?.test(host) === true || !path.endsWith(place.path)) return undefined
  const folder = path.slice(0, -place.path.length)
  return basename(folder) === host ? folder : undefined
}

function isOfCluster({ path, place }: Found, folder: string): boolean {
  const { profile } = place.placement
  return path.startsWith(`${folder}/`) && profile !== '' && profile !== 'host'
}

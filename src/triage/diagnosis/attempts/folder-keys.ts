import type { FileFacts } from '../story.ts'

/**
 * Makes keys that tell the folders of attempts apart: by the ids in a path, which are that of the session and, since 25.1,
 * that of the bootstrap. Logs of before the mount are copied to a folder without ids; if exactly one attempt of that desktop
 * was on the host, they get the key of that attempt.
 */
export function folderKeys(files: readonly FileFacts[]): (file: FileFacts) => string {
  const withIds = new Map<string, Map<string, FileFacts>>()
  for (const file of files.filter((one) => idsIn(one).length > 0)) {
    const place = placeOf(file)
    withIds.set(place, (withIds.get(place) ?? new Map()).set(fullKey(file), file))
  }
  return (file) => {
    if (idsIn(file).length > 0) return fullKey(file)
    const there = [...(withIds.get(placeOf(file)) ?? [])].filter(([, other]) => mayBeOfOne(file, other))
    const [only, ...others] = there
    return only !== undefined && others.length === 0 ? only[0] : fullKey(file)
  }
}

/** Two clusters, and two generations of one, may have the same names; what the host itself wrote names neither. */
function mayBeOfOne(a: FileFacts, b: FileFacts): boolean {
  const isSame = (one: string, other: string) => one === other || one === '' || other === ''
  const isOfHost = a.profile === 'host' || b.profile === 'host'
  return isSame(a.cluster, b.cluster) && (isOfHost || isSame(a.profile, b.profile))
}

/**
 * The id in the name of a file does not count: in the folder of the host there may be a copy of its `/var/log/dcv`, where only
 * some logs bear it.
 */
function idsIn({ file }: FileFacts): readonly string[] {
  return file.match(FOLDER_IDS) ?? []
}

const FOLDER_IDS = /(?<=\/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\/)/g

function placeOf({ owner, session, host }: FileFacts): string {
  return [owner, session, host].join('\0')
}

function fullKey(file: FileFacts): string {
  const { cluster, owner, session, host } = file
  return [cluster, owner, session, ...idsIn(file), host].join('\0')
}

import { SHAPES } from './layout-pattern.ts'

const GENERIC_FOLDER =
  /^(?:tmp|temp|root|home|var|logs?|collected|collect|data|bundles?|backups?|copy|copies|cases?|tickets?|files?|mnt|out(?:put)?|input|tests?|soca|edh|sosreport)(?:$|[^a-z])/i
const ARCHIVE = /\.(?:tgz|tar(?:\.gz)?|zip)!$/
/** A name that EC2 gives to hosts, inside of another one: `debug-bundle-ip-10-0-1-2-20261120`. */
const EC2_NAME = /(?<![a-z0-9])ip(?:-\d{1,3}){4}(?!\d)/i

/**
 * The host after which a folder of collected logs is named. A folder before a complete default location may have any host
 * name except a common word; before a partial one (or a bundle), it must contain one of the shape that EC2 gives.
 */
export function folderHost(folders: readonly string[], whole: boolean): string {
  const name = folders.at(-1) ?? ''
  const known = hostInName(name)
  if (known !== '') return known
  const temporary = /\/tmp$/.test(folders.slice(0, -1).join('/'))
  if (!whole || ARCHIVE.test(name) || temporary || GENERIC_FOLDER.test(name)) return ''
  const label = /^(?=[^/]*[a-z])(?=[^/]*[0-9-])[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i
  return label.test(name) ? name : ''
}

/** The host that the nearest folder above a file is named after, by the shape that EC2 gives; '' if none is. */
export function hostAbove(path: string): string {
  const folders = path.split('/').slice(0, -1)
  return folders.map(hostInName).findLast((host) => host !== '') ?? ''
}

function hostInName(name: string): string {
  const plain = name.replace(ARCHIVE, '')
  return SHAPES.host?.test(plain) === true ? plain : (EC2_NAME.exec(plain)?.[0] ?? '')
}

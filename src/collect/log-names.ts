import { join } from 'node:path'
import { hostAbove } from './folder-host.ts'
import type { LayoutSet } from './layout.ts'
import type { Place } from './open-feed.ts'

/** A file that a source names now, and what its path says. */
export type Found = { readonly path: string; readonly place: Place }

/** What a layout says about a path below `root`. */
export function placed(layouts: LayoutSet, path: string, root: string | undefined): Found | undefined {
  const place = layouts.place(path, root)
  if (place === undefined) return undefined
  return { path, place: { placement: place.placement, path: place.path, base: place.base } }
}

const LOG_NAME = /\.(?:log|out|err|txt)(?:[.-][\d_.-]+)?$/i
/** Logs of syslog and the like below /var/log have no extension. Login accounting there is binary. */
const SYSTEM_LOG =
  /\/var\/log\/(?:(?!journal\/|sa\/|sysstat\/)[^/]+\/)*(?![wb]tmp|lastlog|faillog|tallylog)[\w-]+(?:\.[\d_.-]+)?$/

/** Files that contain nothing but a key or a password, as clusters keep them beside their logs. */
const SECRET_NAME =
  /(?:\/(?:keys?|secrets?|credentials?|\.ssh|\.aws)\/[^/]*|(?:secret|passw(?:or)?d|passphrase|credential|token|private|[_-]key)[^/]*)\.txt(?:[.-][\d_.-]+)?$/i

/** Takes a file that no layout knows as a log if its name looks like one. */
export function looksLikeLog(path: string, root: string | undefined): Found | undefined {
  const plain = path.replace(/\.gz$/, '')
  const isLog = LOG_NAME.test(plain) ? !SECRET_NAME.test(plain) : SYSTEM_LOG.test(plain)
  return isLog ? asGeneric(path, root) : undefined
}

/** Takes a file as lines of unknown format; a folder above it may be named after its host. */
export function asGeneric(path: string, root: string | undefined): Found {
  const shown = below(path, root) ?? path
  const identity = { cluster: '', owner: '', session: '', sessionUuid: '', host: hostAbove(shown) }
  const placement = { identity, profile: '', source: 'generic', format: 'generic' }
  return { path, place: { placement, path: shown, base: shown.replace(/(?:[.-][\d_.-]+)?(?:\.gz)?$/, '') } }
}

/** The path without the root; undefined if it is not below it. */
export function below(path: string, root: string | undefined): string | undefined {
  return root !== undefined && path.startsWith(join(root, '/')) ? path.slice(root.length) : undefined
}

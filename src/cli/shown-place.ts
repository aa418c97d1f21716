import type { EventJson } from '../event-json.ts'
import { oneLine } from './printable.ts'

type Place = Pick<EventJson, 'file' | 'offset' | 'host' | 'line'>

/** The number of lines shown before and after the event. */
const BEFORE = 2
const AFTER = 4
const HOST_FOLDERS = 'var|root|home|tmp|etc|opt|usr|apps|data|C|ProgramData|Windows|Users'

/** The place of an event, with the command that shows it and its neighbours on its host. */
export function shownPlace(event: Place): string {
  const { offset, line } = event
  const path = pathOnHost(event)
  const isOfWindows = /^[A-Z]:\\/.test(path)
  const where = oneLine(event.file)
  if (line === undefined) {
    return isOfWindows
      ? `${where}, byte ${offset}: Get-Content ${powershellQuoted(path)}`
      : `tail -c +${offset + 1} ${shellQuoted(path)} | head -n ${AFTER + 1}`
  }
  const first = Math.max(1, line - BEFORE)
  const last = line + AFTER
  const command = isOfWindows
    ? `Get-Content ${powershellQuoted(path)} -TotalCount ${last} | Select-Object -Skip ${first - 1}`
    : `sed -n '${first},${last}p' ${shellQuoted(path)}`
  return `${where}:${line}, byte ${offset}: ${command}`
}

/** The path on the host itself: copies are below a folder named after the host, or in a bundle. */
function pathOnHost({ file, host = '' }: Place): string {
  const packed = file.lastIndexOf('!/')
  const inside = packed < 0 ? file : file.slice(packed + 1)
  const [, own] = host === '' ? [] : (below(host).exec(inside) ?? [])
  const path = own ?? inside
  const [, drive, rest] = /^\/?(?:([A-Z]):?\/)?((?:ProgramData|Windows|Users)\/.+)$/.exec(path) ?? []
  return rest === undefined ? path : `${drive ?? 'C'}:\\${rest.replaceAll('/', '\\')}`
}

function below(host: string): RegExp {
  const name = host.replace(/[^\w-]/g, '\\$&')
  return new RegExp(`/${name}(?:\\.[\\w.-]+)?(/(?:${HOST_FOLDERS})/.+)$`)
}

/** Quotes a word for a shell; escapes control characters, so that none reaches the terminal. */
function shellQuoted(text: string): string {
  if (!/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", "'\\''")}'`
  const escaped = text
    .replace(/['\\]/g, '\\$&')
    .replace(/\p{Cc}/gu, (char) => `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`)
  return `$'${escaped}'`
}

function powershellQuoted(text: string): string {
  return `'${oneLine(text).replaceAll("'", "''")}'`
}

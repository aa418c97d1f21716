import { closeSync, constants, openSync, readSync } from 'node:fs'
import type { Found } from './log-names.ts'
import { packingOf } from './packing.ts'

/** This much of a log is looked at. */
const HEAD_BYTES = 4096
/** `May  2 09:02:31 ip-10-7-3-21 systemd[1]: …` and the same with a time of ISO 8601. */
const LINE =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{8,30}) (ip(?:-\d{1,3}){4})(?:\.\S+)? /gm

/**
 * The logs that are named, those of syslog with the host that their lines name, if no path does. Names that EC2 gives count
 * only, and only if the first lines agree: a log server gathers those of many hosts.
 */
export function withSyslogHosts(files: readonly Found[]): readonly Found[] {
  return files.map((file) => {
    const { placement } = file.place
    const { format, identity } = placement
    if (format !== 'syslog' || identity.host !== '' || packingOf(file.path) !== 'plain') return file
    const host = hostIn(headOf(file.path))
    if (host === undefined) return file
    return { ...file, place: { ...file.place, placement: { ...placement, identity: { ...identity, host } } } }
  })
}

/** The one host that lines of syslog name; undefined if there are several, or none. */
function hostIn(text: string): string | undefined {
  const hosts = new Set(Array.from(text.matchAll(LINE), ([, host]) => host))
  const [host] = hosts
  return hosts.size === 1 ? host : undefined
}

/** The beginning of a file; empty if it cannot be read, which is reported when it is opened to be read whole. */
function headOf(path: string): string {
  let fd: number | undefined
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const head = Buffer.alloc(HEAD_BYTES)
    return head.toString('latin1', 0, readSync(fd, head, 0, HEAD_BYTES, 0))
  } catch {
    return ''
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

import type { RecordChunk, SourceFile } from '../model.ts'
import type { Format } from './format.ts'

/** A machine's name ends here: at the space behind it, or where its domain begins. */
const ENDS = new Set([' ', '.'].map((char) => char.charCodeAt(0)))
/** No format has the name of the machine later in a line. */
const LOOKED_AT = 160

/** The same files with other machines: one object for each, since what is derived from a file is remembered by it. */
const ofMachines = new WeakMap<SourceFile, Map<string, SourceFile>>()

/**
 * Which file each record is of, where a log without a machine in its path holds lines of several, as a server that gathers the
 * system logs of all hosts writes: the same file, with the machine that the line names. A line that names none is of the
 * machine before it. Undefined if all are of `chunk.file` as it is.
 */
export function filesByHost(chunk: RecordChunk, hostOf: Format['hostOf']): readonly SourceFile[] | undefined {
  const { file, bytes, begin, end, count, memory } = chunk
  if (hostOf === undefined || file.namesHosts !== true) return undefined
  const own = file.identity.host
  let host = memory.host ?? own
  let files: SourceFile[] | undefined
  let name = Buffer.from(host)
  let column = 0
  for (let row = 0; row < count; row++) {
    const at = begin[row] as number
    if (!isNamedAt(bytes, at + column, name)) {
      const line = bytes.subarray(at, Math.min(end[row] as number, at + LOOKED_AT))
      const named = hostOf(line)
      if (named !== '') {
        host = named
        name = Buffer.from(host)
        column = line.indexOf(name)
      }
    }
    if (host !== own) files ??= Array.from({ length: row }, () => file)
    files?.push(host === own ? file : ofMachine(file, host))
  }
  if (host === own) delete memory.host
  else memory.host = host
  return files
}

function isNamedAt(bytes: Buffer, at: number, name: Buffer): boolean {
  if (name.length === 0 || !ENDS.has(bytes[at + name.length] ?? 0)) return false
  return bytes.compare(name, 0, name.length, at, at + name.length) === 0
}

function ofMachine(file: SourceFile, host: string): SourceFile {
  const known = ofMachines.get(file) ?? new Map<string, SourceFile>()
  ofMachines.set(file, known)
  const same = known.get(host) ?? { ...file, identity: { ...file.identity, host } }
  known.set(host, same)
  return same
}

import type { NotRead } from '../collect/not-read.ts'
import { isPartly } from '../collect/packing.ts'
import { counted } from './counted.ts'
import type { Io } from './io.ts'
import { oneLine } from './printable.ts'

type Looked = {
  /** The number of files that were read. */
  readonly files: number
  /** The number of files that do not look like logs. */
  readonly passedOver: number
  /** Files and folders that could not be read. */
  readonly notRead: readonly unknown[]
}

/** A sentence about files that were not read because they do not look like logs; '' if there is nothing to say. */
export function filesNote({ files, passedOver, notRead }: Looked): string {
  const others = `${counted(passedOver, 'file')} passed over: not known as logs`
  if (files > 0 || notRead.length > 0) return passedOver > 0 ? `${others}\n` : ''
  return `No logs here${passedOver > 0 ? `; ${others}` : ''}. A file that is named itself is read.\n`
}

type Told = { readonly notRead: readonly NotRead[]; readonly absolute: ReadonlyMap<string, number> }

/**
 * Prints one line on stderr for each file that could not be read, or not to its end, and for each bundle whose members are
 * read under shorter names.
 */
export function tellNotRead({ notRead, absolute }: Told, io: Io): void {
  for (const [bundle, members] of absolute) {
    io.err(`${oneLine(bundle)}: the leading / of ${counted(members, 'name')} was left out\n`)
  }
  for (const { path, reason, detail } of notRead) {
    const what = isPartly({ reason }) ? 'not read to its end' : 'not read'
    io.err(`${what}: ${oneLine(path)}: ${reason} (${oneLine(detail)})\n`)
  }
}

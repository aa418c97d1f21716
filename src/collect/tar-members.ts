import { closeSync } from 'node:fs'
import { Parser, type ReadEntry } from 'tar'
import { type Member, memberTime, type Pick } from './member.ts'
import { isPartly, PackedFault } from './packing.ts'
import { type TempFile, tempFile } from './temp-file.ts'

const BLOCK_BYTES = 512
/** This many bytes contain only a few members, which are all open at once. */
const STEP_BYTES = 16 * BLOCK_BYTES
const KINDS: Readonly<Record<string, 'file' | 'folder'>> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'folder',
  GNUDumpDir: 'folder',
}

/**
 * Yields the wanted members of a tar file, one after the other, each unpacked. Throws a fault if the rest of it cannot be
 * read. The only door to tar, of which only the parser is used; it never touches the disk.
 */
export async function* tarMembers(bytes: AsyncIterable<Buffer>, pick: Pick): AsyncGenerator<Member> {
  const tar = new TarReading(pick)
  try {
    try {
      for await (const piece of blocks(bytes)) {
        for (let at = 0; at < piece.length; at += STEP_BYTES) {
          tar.write(piece.subarray(at, at + STEP_BYTES))
          yield* tar.finished()
        }
      }
    } catch (fault) {
      if (!(fault instanceof PackedFault)) throw fault
      yield* tar.end(fault)
      throw fault
    }
    yield* tar.end(undefined)
    tar.check()
  } finally {
    tar.close()
  }
}

/** The parser would unpack anything that begins like a compressed file again, without limits. */
async function* blocks(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0)
  for await (const piece of bytes) {
    if (head === undefined) {
      yield piece
      continue
    }
    head = Buffer.concat([head, piece])
    if (head.length < BLOCK_BYTES) continue
    if (isCompressed(head)) throw new PackedFault('unsupported', 'it is compressed more than once')
    yield head
    head = undefined
  }
  if (head !== undefined) throw new PackedFault('damaged', 'it is not a tar file')
}

function isCompressed(head: Buffer): boolean {
  return head.readUInt16BE(0) === 0x1f8b || head.readUInt32BE(0) === 0x28b52ffd
}

class TarReading {
  readonly #parser = new Parser()
  readonly #pick: Pick
  #finished: Member[] = []
  /** The member whose content is being read. */
  #open: { readonly name: string; readonly file: TempFile; readonly entry: ReadEntry } | undefined
  #fault: string | undefined
  #members = 0
  #hasEnd = false

  constructor(pick: Pick) {
    this.#pick = pick
    this.#parser.on('entry', (entry: ReadEntry) => this.#begin(entry))
    this.#parser.on('ignoredEntry', (entry: ReadEntry) => this.#pickEntry(entry))
    this.#parser.on('nullBlock', () => {
      this.#hasEnd = true
    })
    this.#parser.on('warn', (_code: string, message: string | Error) => {
      this.#fault ??= message instanceof Error ? message.message : message
    })
  }

  write(piece: Buffer): void {
    this.#guarded(() => this.#parser.write(piece))
  }

  *finished(): Generator<Member> {
    for (let member = this.#finished.shift(); member !== undefined; member = this.#finished.shift()) {
      yield member
    }
  }

  /** Nothing more comes: yields what there is of the last member. */
  *end(fault: PackedFault | undefined): Generator<Member> {
    const open = this.#open
    if (open !== undefined && (fault === undefined || isPartly(fault))) {
      this.#open = undefined
      this.#finished.push(
        memberOf(open, fault ?? new PackedFault('incomplete', 'the bundle ends in its middle')),
      )
    } else if (fault === undefined) this.#guarded(() => this.#parser.end())
    yield* this.finished()
  }

  /** Throws a fault if not all of it could be read. */
  check(): void {
    if (this.#fault !== undefined) {
      const nothing = this.#members === 0 ? 'it is not a tar file' : 'not all of it is tar data'
      throw new PackedFault('damaged', `${nothing}: ${this.#fault}`)
    }
    if (!this.#hasEnd) throw new PackedFault('incomplete', 'it has no end mark: members may be missing')
  }

  close(): void {
    for (const { fd } of this.#finished) closeSync(fd)
    if (this.#open !== undefined) closeSync(this.#open.file.fd)
  }

  #begin(entry: ReadEntry): void {
    const name = this.#pickEntry(entry)
    if (name === undefined) {
      entry.resume()
      return
    }
    const open = { name, file: tempFile(), entry }
    this.#open = open
    entry.on('data', (bytes: Buffer) => open.file.write(bytes))
    entry.on('end', () => {
      if (this.#open !== open) return
      this.#open = undefined
      this.#finished.push(memberOf(open, undefined))
    })
  }

  #pickEntry(entry: ReadEntry): string | undefined {
    // A header of names that is too long to be genuine.
    if (entry.meta) throw new PackedFault('bomb', 'it has a header of more than a megabyte')
    this.#members++
    const kind = KINDS[entry.type]
    if (kind !== undefined) return this.#pick({ name: entry.path, kind })
    const fault = new PackedFault('not-a-file', `${entry.type}: links, devices and the like are not read`)
    return this.#pick({ name: entry.path, kind: 'other', fault })
  }

  /** A bad header may confuse the parser, which is not used any more then. */
  #guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (error instanceof PackedFault) throw error
      throw new PackedFault('damaged', `not all of it is tar data: ${(error as Error).message}`)
    }
  }
}

function memberOf(
  { name, file, entry }: { readonly name: string; readonly file: TempFile; readonly entry: ReadEntry },
  fault: PackedFault | undefined,
): Member {
  return { name, fd: file.fd, size: file.size, mtimeMs: memberTime(entry.mtime), fault }
}

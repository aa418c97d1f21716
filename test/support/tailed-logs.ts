import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** What was written to one file, from its birth or its last truncation to the next one. */
export type Writing = {
  readonly path: string
  readonly id: number
  content: Buffer
  lines: number
  /** How it ended, if it did: what of it was not read by then may be lost. */
  end: 'truncation' | 'deletion' | undefined
  /** Deleted while the tailer had it open, and nothing came between them since: no byte of it may be lost. */
  isHeld: boolean
  /** What was written after it was cut in place. */
  next: Writing | undefined
}

/** So many rotated files are kept. */
const KEPT = 4

/** Programs that write some logs and rotate them, and what they have written. */
export class TailedLogs {
  readonly writings: Writing[] = []
  /** What is at each path now. */
  readonly live = new Map<string, Writing>()
  readonly #root: string
  readonly #names: readonly string[]
  /** Has the tailer this file open, and nothing in its way? */
  readonly #isHeld: (path: string) => boolean
  #changes = 0
  readonly #births = new Map<number, number>()
  readonly #others: string[] = []

  constructor(root: string, names: readonly string[], isHeld: (path: string) => boolean) {
    this.#root = root
    this.#names = names
    this.#isHeld = isHeld
    for (const name of names) mkdirSync(dirname(join(root, name)), { recursive: true })
  }

  /** Where a log is. */
  path(file: number): string {
    return join(this.#root, this.#names[file] ?? '')
  }

  /** Writes whole lines, after the end of the one that was left in its middle. */
  append(file: number, lines: number): void {
    const writing = this.#writingAt(this.path(file))
    const text = Array.from({ length: lines }, () => this.#line(writing)).join('')
    this.#write(writing, `${endOf(writing)}${text}`)
  }

  /** Writes a line and leaves it in its middle. */
  appendPart(file: number): void {
    const writing = this.#writingAt(this.path(file))
    const line = this.#line(writing)
    this.#write(writing, `${endOf(writing)}${line.slice(0, line.length / 2)}`)
  }

  /** The file becomes longer and nothing is written there: a hole, or what a network shows of bytes that are on their way. */
  pad(file: number, bytes: number): void {
    const writing = this.#writingAt(this.path(file))
    this.#write(writing, '\0'.repeat(bytes))
  }

  /** The bytes of which only the length was known come after all. */
  fill(file: number): void {
    const writing = this.#writingAt(this.path(file))
    const begin = sizeOf(writing)
    const text = `filled ${writing.lines++} `.padEnd(writing.content.length - begin - 1, 'y')
    if (begin === writing.content.length || text.length > writing.content.length - begin - 1) return
    const path = this.#pathOf(writing)
    const bytes = Buffer.concat([writing.content.subarray(0, begin), Buffer.from(`${text}\n`)])
    const fd = openSync(path, 'r+')
    writeSync(fd, bytes, begin, bytes.length - begin, begin)
    closeSync(fd)
    this.#touch(path)
    writing.content = bytes
  }

  /** Rotates by rename; the last one is kept under a name that nobody watches, so that it is no loss. */
  rotate(file: number): void {
    const path = this.path(file)
    this.#shift(path)
    this.#move(path, `${path}.1`)
  }

  /** Rotates by copy; the copy has all that the file had. */
  copyTruncate(file: number, hasCopy: boolean): void {
    const path = this.path(file)
    if (!this.live.has(path)) return
    if (hasCopy) {
      this.#shift(path)
      this.#copy(path, `${path}.1`)
    }
    const writing = this.#end(path, 'truncation')
    truncateSync(path)
    this.#touch(path)
    if (hasCopy && writing !== undefined) {
      writing.end = undefined
      this.live.set(`${path}.1`, writing)
    }
    const next = this.#begin(path)
    if (!hasCopy && writing !== undefined) writing.next = next
  }

  /** Cuts it in place and writes more than was in it, before anybody looks. */
  regrow(file: number): void {
    const size = this.live.get(this.path(file))?.content.length ?? 0
    this.copyTruncate(file, false)
    do this.append(file, 3)
    while ((this.live.get(this.path(file))?.content.length ?? 0) <= size)
  }

  delete(file: number): void {
    const path = this.path(file)
    if (!this.live.has(path)) return
    this.#end(path, 'deletion')
    this.live.delete(path)
    unlinkSync(path)
  }

  /** Another program makes a file beside the watched folders: it gets the inode number that was set free last. */
  occupy(): void {
    const path = join(this.#root, `other.${this.#others.length}`)
    writeFileSync(path, '')
    this.#others.push(path)
  }

  /** The other program deletes its newest file: the next one gets its inode number. */
  vacate(): void {
    const path = this.#others.pop()
    if (path !== undefined) unlinkSync(path)
  }

  /** What was held is so no more: it may be lost. */
  letGo(): void {
    for (const writing of this.writings) writing.isHeld = false
  }

  #pathOf(writing: Writing): string {
    return [...this.live].find(([, one]) => one === writing)?.[0] ?? writing.path
  }

  /** Two changes of a file are at different times, however fast this test is. */
  #touch(path: string): void {
    const seconds = 1_700_000_000 + this.#changes++
    utimesSync(path, seconds, seconds)
  }

  #shift(path: string): void {
    for (let n = KEPT; n > 0; n--) this.#move(`${path}.${n}`, `${path}.${n + 1}`)
  }

  #move(from: string, to: string): void {
    const writing = this.live.get(from)
    if (writing === undefined) return
    if (this.live.has(to)) {
      this.#end(to, 'deletion')
    }
    renameSync(from, to)
    this.live.delete(from)
    this.live.set(to, writing)
  }

  #writingAt(path: string): Writing {
    return this.live.get(path) ?? this.#begin(path)
  }

  #begin(path: string): Writing {
    const writing: Writing = {
      path,
      id: this.writings.length,
      content: Buffer.alloc(0),
      lines: 0,
      end: undefined,
      isHeld: false,
      next: undefined,
    }
    this.writings.push(writing)
    this.live.set(path, writing)
    if (!existsSync(path)) this.#create(path)
    return writing
  }

  /** Two files that get one inode number are born at different times, however fast this test is and coarse the clock of the system. */
  #create(path: string): void {
    for (;;) {
      writeFileSync(path, '')
      const { ino, birthtimeMs } = statSync(path)
      if (this.#births.get(ino) !== birthtimeMs || birthtimeMs === 0) {
        this.#births.set(ino, birthtimeMs)
        return
      }
      unlinkSync(path)
    }
  }

  /** A copy is born after its original. */
  #copy(path: string, to: string): void {
    const { birthtimeMs: before } = statSync(path)
    for (;;) {
      copyFileSync(path, to)
      const { ino, birthtimeMs } = statSync(to)
      if (birthtimeMs !== before || birthtimeMs === 0) {
        this.#births.set(ino, birthtimeMs)
        return
      }
      unlinkSync(to)
    }
  }

  #end(path: string, by: 'truncation' | 'deletion'): Writing | undefined {
    const writing = this.live.get(path)
    if (writing !== undefined) {
      writing.end = by
      writing.isHeld = by === 'deletion' && this.#isHeld(path)
    }
    return writing
  }

  /** The first line of every file is the same. */
  #line(writing: Writing): string {
    const { id } = writing
    const lines = writing.lines++
    return lines === 0
      ? `the same first line of every file\n`
      : `writing ${id} line ${lines} ${'x'.repeat((lines * 7 + id) % 40)}\n`
  }

  #write(writing: Writing, text: string): void {
    const path = this.#pathOf(writing)
    appendFileSync(path, text)
    this.#touch(path)
    writing.content = Buffer.concat([writing.content, Buffer.from(text)])
  }
}

/** Bytes of a file that are text or lie before text: NULs at its end are none yet. */
export function sizeOf({ content }: Pick<Writing, 'content'>): number {
  let size = content.length
  while (size > 0 && content[size - 1] === 0) size--
  return size
}

/** What ends the line that was left in its middle. */
function endOf({ content }: Writing): string {
  return content.length === 0 || content.at(-1) === 10 ? '' : ' and its end\n'
}

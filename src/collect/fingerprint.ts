import { createHash, hash } from 'node:crypto'
import { readAt } from './open-file.ts'

/** A hash of some bytes at a known place of a file; does not reveal them. */
export type Print = { readonly length: number; readonly hash: string }

/** The print of the bytes with which a file begins, or which precede a position; it holds no text of the file. */
export function printOf(bytes: Buffer): Print {
  return { length: bytes.length, hash: hashHex(bytes) }
}

/** Do the bytes before `end` still match the print? */
export function matchesAt(fd: number, end: number, print: Print): boolean {
  if (print.length === 0) return true
  const bytes = readAt(fd, end - print.length, print.length)
  return bytes.length === print.length && hashHex(bytes) === print.hash
}

/** This many bytes at the beginning of a file distinguish it from others. */
export const HEAD_BYTES = 1024

/** The first line of a file, without its newline; undefined while it is incomplete and may still grow. */
export function firstLine(fd: number): Buffer | undefined {
  const head = readAt(fd, 0, HEAD_BYTES)
  const newline = head.indexOf(10)
  // A hole may still be filled, or be followed by text.
  if (head.length > 0 && head.subarray(0, 4).every((byte) => byte === 0)) return undefined
  if (newline >= 0) return head.subarray(0, newline)
  return head.length === HEAD_BYTES ? head : undefined
}

/**
 * The id of a file that is seen for the first time: from its path below the root and its first line, and from its machine if
 * many machines have that path.
 */
export function newFileId(path: string, line: Buffer, machine = ''): string {
  const sum = createHash('sha256').update(path).update('\0').update(line)
  if (machine !== '') sum.update('\0').update(machine)
  return sum.digest().toString('hex', 0, 8)
}

/** Cut before it becomes text: a part of a text keeps the whole text. */
function hashHex(bytes: Buffer): string {
  return hash('sha256', bytes, 'buffer').toString('hex', 0, 16)
}

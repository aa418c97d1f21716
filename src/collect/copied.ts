import { closeSync } from 'node:fs'
import type { Checkpoint } from './checkpoint.ts'
import { HEAD_BYTES, matchesAt, printOf } from './fingerprint.ts'
import { isCutSince, isInodeOf, type KnownFiles } from './known-files.ts'
import { type FileStat, type Inode, type OpenFile, openRegular, readAt, statOf } from './open-file.ts'

/** How a file with a rotation's name relates to a known one. */
export type Original =
  /** It holds the stored bytes of a file that no longer holds them: what follows them is read from here. */
  | { readonly kind: 'continued'; readonly checkpoint: Checkpoint }
  /** All its bytes are in another file that still exists and is read itself, or may have been until that was cut just now. */
  | { readonly kind: 'covered'; readonly by: string }
  /** All its bytes are stored. */
  | { readonly kind: 'stored'; readonly checkpoint: Checkpoint }

/** What a known file is to a copy, and how many bytes of the copy are known to be those of that file. */
type Match = { readonly original: Original; readonly agreed: number }

/** A file that is open: its descriptor, how far it is in rows, and whether bytes that were read are no longer in it. */
export type OpenNow = { readonly fd: number; readonly checkpoint: Checkpoint; isCut(): boolean }

export type OriginalOptions = {
  readonly known: KnownFiles
  /** The open file with this inode, if any. */
  readonly openNow: (file: Inode) => OpenNow | undefined
}

/** This many bytes at the end of a copy must equal those of the original. */
const TAIL_BYTES = 4096
/** Of very many files with the same name but for rotation, only so many are opened to be compared with one. */
const MOST_OPENED = 100

/**
 * Finds the file, among those of the same name, of which a rotation made this copy. Such a rotation copies a log and then
 * truncates it, or copies it to another disk and deletes it. Bytes that were read between copying and truncating are not in
 * the copy. Many logs begin with the same line each time, so of several such files the one that agrees in most bytes is it.
 */
export function findOriginal(
  file: OpenFile,
  candidates: readonly Checkpoint[],
  options: OriginalOptions,
): Original | undefined {
  const head = readAt(file.fd, 0, HEAD_BYTES)
  const start = startOf(head)
  let best: Match | undefined
  let opened = 0
  for (const candidate of candidates) {
    // A packed file keeps all its bytes; nobody truncates it.
    if (candidate.packed !== undefined || start(candidate) === 'other') continue
    if (++opened > MOST_OPENED) break
    const now = options.openNow(candidate)
    const open = now !== undefined && isSameFile(now.checkpoint, candidate) ? now : undefined
    const match = compare(file, start, open?.checkpoint ?? candidate, {
      known: options.known,
      open,
    })
    if (match !== undefined && (best === undefined || saysMore(match, best))) best = match
    if (best?.original.kind === 'continued' && best.agreed === file.stat.size) break
  }
  return best?.original
}

function saysMore(match: Match, best: Match): boolean {
  if (match.agreed !== best.agreed) return match.agreed > best.agreed
  return best.original.kind === 'covered' && match.original.kind !== 'covered'
}

function compare(
  file: OpenFile,
  start: Start,
  checkpoint: Checkpoint,
  { known, open }: { readonly known: KnownFiles; readonly open: OpenNow | undefined },
): Match | undefined {
  const { size } = file.stat
  const covered = (agreed: number): Match => ({
    original: { kind: 'covered', by: checkpoint.lastPath },
    agreed,
  })
  if (checkpoint.prefix.length === 0) {
    // Bytes of it that were read but are not yet in a row may be in this file. That can be decided soon.
    if (open === undefined) return undefined
    if (open.isCut()) return covered(0)
    if (lookAt(checkpoint, file, open.fd) === 'holds it') return covered(size)
    return open.isCut() ? covered(0) : undefined
  }
  const isCut = isCutSince(checkpoint, known)
  const look = isCut ? 'gone' : lookAt(checkpoint, file, open?.fd)
  if (look === 'holds it') return covered(size)
  if (look === 'holds other bytes') return undefined
  const isAlike = start(checkpoint) === 'same'
  const { offset } = checkpoint.reader
  const holdsAll = isAlike && offset <= size && matchesAt(file.fd, offset, checkpoint.guard)
  if (look === 'was cut') return covered(holdsAll ? offset : 0)
  if (holdsAll) return { original: { kind: 'continued', checkpoint }, agreed: offset }
  const isShorter = isAlike && isCut && size < offset
  return isShorter
    ? { original: { kind: 'stored', checkpoint }, agreed: checkpoint.prefix.length }
    : undefined
}

function isSameFile(a: Checkpoint, b: Checkpoint): boolean {
  return a.fileId === b.fileId && a.generation === b.generation
}

type Start = (checkpoint: Checkpoint) => 'same' | 'other' | 'unknown'

/** Does a file that begins with `head` begin as the file of a checkpoint? Unknown if it is shorter than what is known of that. */
function startOf(head: Buffer): Start {
  const hashes = new Map<number, string>()
  return ({ prefix: { length, hash } }) => {
    if (length === 0 || length > head.length) return 'unknown'
    const own = hashes.get(length) ?? printOf(head.subarray(0, length)).hash
    hashes.set(length, own)
    return own === hash ? 'same' : 'other'
  }
}

/** What the file of a checkpoint is seen to hold; once it was looked at after a cut, it is known to be truncated. */
type Seen = 'holds it' | 'was cut' | 'holds other bytes' | 'gone'

/** Does the file of the checkpoint still hold the bytes of this copy? */
function lookAt(checkpoint: Checkpoint, copy: OpenFile, fd: number | undefined): Seen {
  if (fd !== undefined) {
    const stat = statOf(fd)
    return stat === undefined ? 'gone' : compareBytes({ fd, stat }, copy, checkpoint)
  }
  if (wasGoneBefore(copy, checkpoint)) return 'holds other bytes'
  const opened = openRegular(checkpoint.lastPath)
  if ('refused' in opened) return 'gone'
  try {
    if (isInodeOf(checkpoint, opened.stat)) return compareBytes(opened, copy, checkpoint)
    return wasReplacedBefore(copy, checkpoint, opened.stat) ? 'holds other bytes' : 'gone'
  } finally {
    closeSync(opened.fd)
  }
}

/** Was the file of the checkpoint deleted before this copy was made, which may even have its inode? Then it is no copy of it. */
function wasGoneBefore({ stat: copy }: OpenFile, { dev, ino, birthMs, deletedMs }: Checkpoint): boolean {
  if (copy.dev === dev && copy.ino === ino && birthMs > 0 && copy.birthMs > birthMs) return true
  return deletedMs !== undefined && deletedMs < copy.birthMs
}

/** Had the file of the checkpoint lost its inode to another one before this copy was made? Then it is no copy of it. */
function wasReplacedBefore({ stat: copy }: OpenFile, { dev, ino }: Checkpoint, other: FileStat): boolean {
  const hasItsInode = other.dev === dev && other.ino === ino && copy.dev === dev
  return hasItsInode && other.birthMs > 0 && other.birthMs < copy.birthMs
}

/** It may be cut while it is compared with the copy: so that is asked before and after. */
function compareBytes(original: OpenFile, copy: OpenFile, { reader, guard }: Checkpoint): Seen {
  const isCut = () =>
    (statOf(original.fd)?.size ?? 0) < reader.offset || !matchesAt(original.fd, reader.offset, guard)
  if (isCut()) return 'was cut'
  const holdsIt = holdsTail(original, copy)
  if (isCut()) return 'was cut'
  return holdsIt ? 'holds it' : 'holds other bytes'
}

function holdsTail(original: OpenFile, copy: OpenFile): boolean {
  const { size } = copy.stat
  if (size > original.stat.size) return false
  const length = Math.min(size, TAIL_BYTES)
  return readAt(original.fd, size - length, length).equals(readAt(copy.fd, size - length, length))
}

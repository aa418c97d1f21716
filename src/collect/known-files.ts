import type { Checkpoint } from './checkpoint.ts'
import type { FileStat } from './open-file.ts'

/** What is known about files, to recognise them by. */
export type KnownFiles = {
  /**
   * Files that had this inode number, on any device (a device number may change when a file system is mounted again): newest
   * first, and later generations of a file before earlier ones.
   */
  byInode(ino: number): readonly Checkpoint[]
  /** Files whose last path was this one, except for a rotation suffix; in the same order. */
  byName(path: string): readonly Checkpoint[]
  /** The newest known generation of a file. */
  generationOf(fileId: string): number | undefined
  /** How far each file was read, whether or not that is stored. */
  all(): Iterable<Checkpoint>
  /** Notes how far this process has read a file that it releases. Not durable: the rows may not be stored yet. */
  note(checkpoint: Checkpoint): void
  /** These inodes exist at `nowMs`. Of the files that have been gone for long, only the newest are remembered. */
  sighted(inodes: ReadonlySet<string>, nowMs: number): void
}

/** Was the file of this checkpoint truncated in place later, so that its bytes are gone? */
export function isCutSince(checkpoint: Checkpoint, known: Pick<KnownFiles, 'byInode'>): boolean {
  const { fileId, generation, ino } = checkpoint
  return known.byInode(ino).some((other) => other.fileId === fileId && other.generation > generation)
}

/** Is it the file of this checkpoint, by device, inode and birth time? */
export function isInodeOf(checkpoint: Checkpoint, { dev, ino, birthMs }: FileStat): boolean {
  return checkpoint.dev === dev && checkpoint.ino === ino && isBornWith(checkpoint, birthMs)
}

/** Can it have this birth time? Not every file system records one. */
export function isBornWith(checkpoint: Checkpoint, birthMs: number): boolean {
  return checkpoint.birthMs === 0 || birthMs === 0 || isSameBirth(checkpoint.birthMs, birthMs)
}

/** Are these the same moment? Checkpoints of earlier versions have whole milliseconds. */
export function isSameBirth(known: number, birthMs: number): boolean {
  return known === (Number.isInteger(known) ? Math.trunc(birthMs) : birthMs)
}

/** Names one generation of a file. Joined, since a template would keep all its parts for as long as the text is kept. */
export function keyOf({ fileId, generation }: Pick<Checkpoint, 'fileId' | 'generation'>): string {
  return [fileId, generation].join(':')
}

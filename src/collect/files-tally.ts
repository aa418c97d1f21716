import type { NotRead } from './not-read.ts'

/** Counts the files of a read. */
export class FilesTally {
  /** Files that were read, completely or not. */
  files = 0
  /** Files that no layout knows and that do not look like logs. */
  passedOver = 0
  readonly notRead: NotRead[] = []
  /** Members whose names began with `/`, by bundle. */
  readonly absolute = new Map<string, number>()
  /** Bundles with missing content that cannot be named. */
  readonly broken: NotRead[] = []

  /** Adds what somebody else counted. */
  add({ files, passedOver, notRead, absolute, broken }: ReadTally): void {
    this.files += files
    this.passedOver += passedOver
    this.notRead.push(...notRead)
    for (const [bundle, names] of absolute) this.absolute.set(bundle, names)
    this.broken.push(...broken)
  }
}

/** The counts of a read, as plain data. */
export type ReadTally = Pick<FilesTally, 'files' | 'passedOver' | 'notRead' | 'absolute' | 'broken'>

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
}

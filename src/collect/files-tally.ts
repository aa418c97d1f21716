import type { NotRead } from './not-read.ts'

/** What became of the files that were to be read. */
export class FilesTally {
  /** Files that were read, if not all of each. */
  files = 0
  /** Files that no layout knows and that do not look like logs. */
  passedOver = 0
  readonly notRead: NotRead[] = []
  /** Bundles of which something is missing that nobody can name. */
  readonly broken: NotRead[] = []
}

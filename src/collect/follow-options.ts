import type { ScanOptions } from './scan.ts'

/** How files are followed. */
export type FollowOptions = ScanOptions & {
  readonly scanMs: number
  /** A complete record is given without waiting for more of it after this much silence. */
  readonly flushMs: number
  /** A line without its newline is given after this much silence. */
  readonly lineFlushMs: number
  /** Files are on a network file system: open ones are looked at, as a tail would ask for them in the background. */
  readonly isPolled?: boolean
}

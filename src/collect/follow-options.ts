import type { OpeningOptions } from './opening.ts'
import type { ScanOptions } from './scan.ts'

/** How files are followed. */
export type FollowOptions = ScanOptions &
  Omit<OpeningOptions, 'onLack'> & {
    readonly scanMs: number
    /** After this much silence a complete record is emitted without waiting for more lines. */
    readonly flushMs: number
    /** After this much silence a line without a newline is emitted. */
    readonly lineFlushMs: number
    /** Files are on a network file system: open ones are polled here, since a tail would stat them in the background. */
    readonly isPolled?: boolean
  }

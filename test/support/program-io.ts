import { Readable } from 'node:stream'
import type { Io } from '../../src/cli/io.ts'
import type { Clock } from '../../src/clock.ts'

/** The world of a command that runs in this process: nothing is shown, nothing stops it. */
export function programIo(clock: Clock): Io {
  return {
    out: () => {},
    drained: () => Promise.resolve(),
    err: () => {},
    outIsTerminal: false,
    errIsTerminal: false,
    columns: 120,
    env: {},
    stdin: Readable.from([]),
    clock,
    signal: new AbortController().signal,
  }
}

import { destination, type Logger, pino } from 'pino'

export type Log = Logger

/** The program's own log: JSON lines on stderr, one per happening. The only door to `pino`. */
export function createLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ fd: 2, sync: true }),
  )
}

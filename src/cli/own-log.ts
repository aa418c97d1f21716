import type { Config } from '../config.ts'
import { createLog, type Log } from '../log.ts'
import type { Io } from './io.ts'

/** What a service tells of itself: for people where they look on, for programs elsewhere. */
export function ownLog({ logLevel, logFormat }: Config, { errIsTerminal }: Io): Log {
  const auto = errIsTerminal ? 'text' : 'json'
  return createLog(logLevel, logFormat === 'auto' ? auto : logFormat)
}

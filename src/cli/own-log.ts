import type { Config } from '../config.ts'
import { createLog, type Log } from '../log.ts'
import type { Io } from './io.ts'

/** The program's own log: readable text on a terminal, JSON elsewhere. */
export function ownLog({ logLevel, logFormat }: Config, { errIsTerminal }: Io): Log {
  const auto = errIsTerminal ? 'text' : 'json'
  return createLog(logLevel, logFormat === 'auto' ? auto : logFormat)
}

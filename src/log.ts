import { destination, type Logger, pino } from 'pino'

export type Log = Logger

/** As JSON for programs, or as text for people at a terminal. */
export type LogFormat = 'json' | 'text'

/** The program's own log: lines on stderr, one per happening. The only door to `pino`. */
export function createLog(level: string, format: LogFormat = 'json'): Log {
  const stderr = destination({ fd: 2, sync: true })
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    format === 'json' ? stderr : { write: (line: string) => stderr.write(logText(line)) },
  )
}

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warning',
  50: 'error',
  60: 'fatal',
}
/** Characters that would change what a terminal shows of the rest; names of files may hold them. */
const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g
const BARE = /^[\w./:@%+,-]+$/

/** A line of the program's own log as people read it: time, level, what happened, and with what. */
export function logText(json: string): string {
  const { time, level, msg = '', stack, ...rest } = JSON.parse(json) as Record<string, unknown>
  const facts = Object.entries(rest).map(([name, value]) => ` ${name}=${valueText(value)}`)
  const head = `${String(time).slice(11, 19)} ${LEVELS[Number(level)] ?? level}: ${msg}`
  return `${shown(head + facts.join(''))}${stack === undefined ? '' : `\n${String(stack).split('\n').map(shown).join('\n')}`}\n`
}

function valueText(value: unknown): string {
  if (typeof value === 'string' && BARE.test(value)) return value
  return JSON.stringify(value)
}

function shown(text: string): string {
  return text.replace(HARMFUL, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

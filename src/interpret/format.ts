import { usageError } from '../errors.ts'
import type { Framing } from '../model.ts'
import { beginRecord, type Head, matchPattern, startsPattern, takesStrangeTime } from './head.ts'
import type { TimeContext } from './instant.ts'
import { compilePattern, type Pattern } from './pattern.ts'

/** How a kind of log is written, as given in its YAML file. */
export type FormatDefinition = {
  readonly id: string
  readonly title: string
  readonly patterns: readonly string[]
  readonly strays: 'join' | 'own'
  readonly blocks: readonly string[]
  /** A regular expression whose first group, in the first line of a file, is the machine that wrote it. */
  readonly host?: string | undefined
}

/** A compiled format. `parse` returns false if no pattern fits: then the text is the whole record, without a time. */
export type Format = {
  readonly id: string
  readonly title: string
  readonly patterns: readonly string[]
  readonly framing: Framing
  /** The machine that a first line names; '' if none. Only for formats whose first line can name machines. */
  readonly hostOf?: (line: Buffer) => string
  readonly parse: (bytes: Buffer, at: number, end: number, context: TimeContext, out: Head) => boolean
}

const NONE: readonly Pattern[] = []

/** Compiles a format into byte scanners; throws a usage error for a pattern that is not in the language. */
export function compileFormat(definition: FormatDefinition): Format {
  const { id, title, strays, blocks } = definition
  const patterns = definition.patterns.map((text, i) => {
    const pattern = compilePattern(text)
    if (pattern.kind === 'pattern') return pattern
    const where = `format ${id}, pattern ${i + 1}, character ${pattern.at + 1}`
    throw usageError(
      'E_FORMAT',
      `${where}: ${pattern.message}`,
      `Correct the pattern ${JSON.stringify(text)}.`,
    )
  })
  const byFirstByte = Array.from({ length: 256 }, (_, byte) =>
    patterns.filter((p) => p.firstBytes[byte] === 1),
  )
  const framing = { startsRecord: starter(byFirstByte), strays, blocks }
  const machine = definition.host === undefined ? undefined : machineBy(new RegExp(definition.host))
  return {
    ...{ id, title, patterns: definition.patterns, framing, parse: parser(byFirstByte) },
    ...(machine === undefined ? {} : { hostOf: machine }),
  }
}

function machineBy(host: RegExp): (line: Buffer) => string {
  return (line) => host.exec(line.toString('latin1'))?.[1] ?? ''
}

/** An empty head, to be reused. */
export function emptyHead(): Head {
  return { ts: Number.NaN, level: 0, componentBegin: 0, componentEnd: 0, textBegin: 0, textEnd: 0 }
}

/** Most lines that start no record are recognised by their first byte alone. */
function starter(byFirstByte: readonly (readonly Pattern[])[]): Framing['startsRecord'] {
  const scratch = emptyHead()
  return (bytes, at, end) => {
    if (at >= end) return false
    const patterns = byFirstByte[bytes[at] as number] as readonly Pattern[]
    beginRecord()
    do {
      for (let i = 0; i < patterns.length; i++) {
        if (startsPattern(patterns[i] as Pattern, bytes, at, end, scratch)) return true
      }
    } while (takesStrangeTime())
    return false
  }
}

function parser(byFirstByte: readonly (readonly Pattern[])[]): Format['parse'] {
  return (bytes, at, end, context, out) => {
    const patterns = at < end ? (byFirstByte[bytes[at] as number] as readonly Pattern[]) : NONE
    beginRecord()
    do {
      for (let i = 0; i < patterns.length; i++) {
        if (matchPattern(patterns[i] as Pattern, bytes, at, end, context, out)) return true
      }
    } while (takesStrangeTime())
    out.ts = Number.NaN
    out.level = 0
    out.componentBegin = at
    out.componentEnd = at
    out.textBegin = at
    out.textEnd = end
    return false
  }
}

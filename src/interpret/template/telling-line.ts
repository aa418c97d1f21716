const MAX_LINES_READ = 200
/** The beginning of a stack trace: the error itself is in its last line. */
const TRACEBACK = /^\s*Traceback \(most recent call last\)/
const BLANK = /^\s*$/

/** A record within `max` characters (UTF-16 units): if it is longer, its most telling line. */
export function shortened(message: string, max: number): string {
  return (message.length > max ? tellingLine(message) : message).slice(0, max)
}

/** The most telling line of a record: the last one of a Python traceback, otherwise the first that is not blank. */
export function tellingLine(message: string): string {
  if (!message.includes('\n')) return message
  const lines = message.split('\n', MAX_LINES_READ).filter((line) => !BLANK.test(line))
  const last = lines.findLast((line) => /^\S/.test(line))
  return (lines.some((line) => TRACEBACK.test(line)) ? last : undefined) ?? lines[0] ?? ''
}

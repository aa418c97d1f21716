const MAX_LINES_READ = 200
/** What a stack of calls begins with: the error itself stands in the last line. */
const TRACEBACK = /^\s*Traceback \(most recent call last\)/
const BLANK = /^\s*$/

/** A record of at most so many characters (UTF-16 units): a long one by the line that says most. */
export function shortened(message: string, max: number): string {
  return (message.length > max ? tellingLine(message) : message).slice(0, max)
}

/** Gives the line of a record that says most: the last one of a Python traceback, else the first that is not blank. */
export function tellingLine(message: string): string {
  if (!message.includes('\n')) return message
  const lines = message.split('\n', MAX_LINES_READ).filter((line) => !BLANK.test(line))
  const last = lines.findLast((line) => /^\S/.test(line))
  return (lines.some((line) => TRACEBACK.test(line)) ? last : undefined) ?? lines[0] ?? ''
}

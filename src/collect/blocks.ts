/**
 * Shapes that make several lines one record where the format does not say: Python tracebacks, JSON bodies, PowerShell errors,
 * quoted arguments of bash xtrace, PEM keys. A line opens a block, which then decides about each following line. A traceback
 * becomes `raised` once the line with the exception has come, and `chained` when another traceback is announced. An error of
 * PowerShell is `wrapped` while its message goes on in the next line.
 */
export type BlockName = 'traceback' | 'raised' | 'chained' | 'json' | 'quote' | 'pem' | 'wrapped'

/** About the next line: it belongs (and this is the block's new state), it belongs and is the last, or it does not belong. */
export type BlockStep = BlockName | 'last' | 'none'

const NEWLINE = 10
const SPACE = 32
const TAB = 9
const PLUS = 43
const MINUS = 45
const COLON = 58
const LETTER_T = 84
const QUOTE = 39
const DOUBLE_QUOTE = 34
const BACKSLASH = 92
const OPENERS = new Set([0x7b, 0x5b])
const CLOSERS = new Set([0x7d, 0x5d])

const TRACEBACK = Buffer.from('Traceback (most recent call last):')
const CHAINED = [
  Buffer.from('During handling of the above exception'),
  Buffer.from('The above exception was the direct cause'),
]
const PEM_BEGIN = Buffer.from('-----BEGIN ')
const PEM_KEY = Buffer.from('PRIVATE KEY-----')
const PEM_END = Buffer.from('-----END ')
const POWERSHELL = [
  Buffer.from('At line:'),
  Buffer.from('At C:\\'),
  Buffer.from('+ '),
  Buffer.from('    + '),
  // `Add-Computer` breaks its message in the middle of the sentence.
  Buffer.from('with following error message:'),
]
/** An error begins with the command that failed, perhaps behind what user data says before its errors. */
const POWERSHELL_HEAD = /(?:^|: )(?:[A-Z][a-z]+-[A-Z]\w+|[&.]) : /
/** PowerShell breaks a message where the next word does not fit, at 80 columns or more. */
const WRAPPED_BYTES = 70
const HEAD_BYTES = 200
/** The first bytes of these. */
const POWERSHELL_FIRST = new Set(POWERSHELL.map((start) => start[0]))

/** The block that a line opens, among those the format allows. Most lines are decided by their first and last byte. */
export function openedBlock(
  bytes: Buffer,
  at: number,
  end: number,
  allowed: readonly string[],
): BlockName | undefined {
  const first = bytes[at]
  if (first === LETTER_T && startsWith(bytes, at, end, TRACEBACK)) return allow(allowed, 'traceback')
  if (first === PLUS && leavesQuoteOpen(bytes, at, end, false)) return allow(allowed, 'quote')
  const last = bytes[end - 1] ?? 0
  if (last === MINUS && isKeyBegin(bytes, at, end)) return allow(allowed, 'pem')
  if (OPENERS.has(last)) return allow(allowed, 'json')
  if (end - at >= WRAPPED_BYTES && allowed.includes('powershell') && isErrorHead(bytes, at, end)) {
    return 'wrapped'
  }
  return undefined
}

/** Does [at, end) continue an open block? */
export function blockStep(block: BlockName, bytes: Buffer, at: number, end: number): BlockStep {
  switch (block) {
    case 'traceback':
    case 'raised':
    case 'chained':
      return tracebackStep(block, bytes, at, end)
    case 'json':
      return CLOSERS.has(bytes[at] ?? 0) ? 'last' : 'json'
    case 'quote':
      if (isEcho(bytes, at, end)) return 'none'
      return leavesQuoteOpen(bytes, at, end, true) ? 'quote' : 'last'
    case 'pem':
      return bytes.subarray(at, end).includes(PEM_END) ? 'last' : 'pem'
    case 'wrapped':
      return wrappedStep(bytes, at, end)
  }
}

/** The rest of a message, up to a line that is shorter, or to what follows the message. */
function wrappedStep(bytes: Buffer, at: number, end: number): BlockStep {
  const first = bytes[at]
  if (first === SPACE || first === TAB || joinsPowershell(bytes, at, end)) return 'none'
  if (isErrorHead(bytes, at, end)) return 'none'
  return end - at >= WRAPPED_BYTES ? 'wrapped' : 'last'
}

function isErrorHead(bytes: Buffer, at: number, end: number): boolean {
  const stop = Math.min(end, at + HEAD_BYTES)
  return hasLoneColon(bytes, at, stop) && POWERSHELL_HEAD.test(bytes.toString('utf8', at, stop))
}

/** Is there ` : `? Few lines have it, and the others need not become strings. */
function hasLoneColon(bytes: Buffer, at: number, end: number): boolean {
  for (let i = at + 1; i < end - 1; i++) {
    if (bytes[i] === COLON && bytes[i - 1] === SPACE && bytes[i + 1] === SPACE) return true
  }
  return false
}

/** Is it one of the lines that PowerShell prints below an error (`At line:…`, `+ CategoryInfo…`)? */
export function joinsPowershell(bytes: Buffer, at: number, end: number): boolean {
  return POWERSHELL_FIRST.has(bytes[at]) && startsWithAny(bytes, at, end, POWERSHELL)
}

/** A traceback continues while lines are indented. After the line with the exception, a chained traceback may follow. */
function tracebackStep(
  block: 'traceback' | 'raised' | 'chained',
  bytes: Buffer,
  at: number,
  end: number,
): BlockStep {
  const first = bytes[at]
  if (first === SPACE || first === TAB) return 'traceback'
  const isHeader = first === LETTER_T && startsWith(bytes, at, end, TRACEBACK)
  const isChained = startsWithAny(bytes, at, end, CHAINED)
  if (block === 'raised' && !isChained) return 'none'
  if (block === 'chained' && !isChained && !isHeader) return 'none'
  if (isHeader || bytes[end - 1] === COLON) return 'traceback'
  return isChained ? 'chained' : 'raised'
}

/** `+ `, `++ `, …: bash echoes each command before it runs it. */
function isEcho(bytes: Buffer, at: number, end: number): boolean {
  let i = at
  while (i < end && bytes[i] === PLUS) i++
  return i > at && bytes[i] === SPACE
}

/** Follows bash quoting through one line. Single quotes have no escape, which is why `'\''` leaves and reopens them. */
function leavesQuoteOpen(bytes: Buffer, at: number, end: number, open: boolean): boolean {
  let single = open
  let double = false
  for (let i = at; i < end; i++) {
    const byte = bytes[i]
    if (byte === NEWLINE) break
    if (single) single = byte !== QUOTE
    else if (byte === BACKSLASH) i++
    else if (byte === DOUBLE_QUOTE) double = !double
    else if (byte === QUOTE && !double) single = true
  }
  return single
}

function isKeyBegin(bytes: Buffer, at: number, end: number): boolean {
  const line = bytes.subarray(at, end)
  const begin = line.lastIndexOf(PEM_BEGIN)
  return begin >= 0 && line.indexOf(PEM_KEY, begin) >= 0 && line.indexOf(PEM_END) < begin
}

/** A loop, for it runs on each line: a closure over the line would be an object for each. */
function startsWithAny(bytes: Buffer, at: number, end: number, texts: readonly Buffer[]): boolean {
  for (const text of texts) if (startsWith(bytes, at, end, text)) return true
  return false
}

function startsWith(bytes: Buffer, at: number, end: number, text: Buffer): boolean {
  if (end - at < text.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false
  return true
}

function allow<T extends string>(allowed: readonly string[], name: T): T | undefined {
  return allowed.includes(name) ? name : undefined
}

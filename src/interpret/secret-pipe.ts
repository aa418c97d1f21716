import { looksTelling, mayBePassword } from './secret-looks.ts'
import { bareEnd, readQuoted, type Value } from './secret-value.ts'

// Commands that read a password, or a user and a password, from their standard input.
const READS_PASSWORD =
  /^(?:\S*\/)?(?:realm (?:join|leave)|adcli\b|kinit\b|kpasswd\b|net (?:ads|rpc)\b|samba-tool\b|(?:ch|smb|vnc|ldap)passwd\b|passwd --stdin|sudo (?:-\w+ )*(?:-\w*S|--stdin)|(?:docker|podman|nerdctl|helm registry|oras) login|ipa\b|ipa-client-install|mount\.cifs)/
// Commands that read other things as well.
const MAY_READ_PASSWORD =
  /^(?:\S*\/)?(?:passwd\b|openssl\b|base64\b|gpg\b|cryptsetup\b|htpasswd\b|su\b|gh auth)/
const TRACED = /(?:^|[\s:\]])(\++) (?:sudo (?:-[\w-]+ )*?)??(\S.*)$/
const NEAR_LINES = 2
const LONGEST_LINE = 400

/** Literals of one-line pipes: `echo x | realm join`. */
export const READER_NEEDLES: readonly string[] = [
  ...['realm join', 'adcli join', 'kinit -', ' kinit ', '/kinit ', 'net ads ', 'net rpc ', 'samba-tool '],
  ...['chpasswd', 'smbpasswd', 'vncpasswd', '--stdin', 'password-stdin', 'sudo -S', '| passwd ', '/passwd '],
  ...['openssl ', '| base64', 'cryptsetup ', 'gpg --batch', 'htpasswd -', 'passphrase-fd', 'gh auth login'],
  ...['ipa-client-install', 'mount.cifs', 'docker login', 'podman login', 'kpasswd', 'ldappasswd', '+ su - '],
]

const ECHO = /(?:^|[\s;&|('"`])(?:echo|printf)(?: -[neE]+| '?"?%s(?:\\n)?"?'?)* +/g
const TO_READER = /^\s*\|\s*(?:sudo (?:-[\w-]+ )*)?(?:\/[\w/.-]*\/)?$/

/** What is echoed into the command at `at`, on the same line. */
export function pipedInto(text: string, at: number): Value | undefined {
  const from = lineBeginning(text, at)
  // The needle may begin at the pipe itself.
  const pipe = from + text.slice(from, at + 1).lastIndexOf('|')
  if (pipe < from) return undefined
  for (const echo of text.slice(from, pipe).matchAll(ECHO)) {
    const begin = from + echo.index + echo[0].length
    const value = readQuoted(text, begin) ?? unquoted(text, begin, pipe)
    if (value.closed && value.next <= pipe && TO_READER.test(text.slice(value.next, pipe + 1))) {
      return isReader(text.slice(pipe + 1, pipe + 1 + LONGEST_LINE)) ? value : undefined
    }
  }
  return undefined
}

/** The beginning of the line of `at`, or of the part of it that is looked at. */
function lineBeginning(text: string, at: number): number {
  const from = Math.max(0, at - LONGEST_LINE)
  return from + text.slice(from, at).lastIndexOf('\n') + 1
}

function unquoted(text: string, begin: number, pipe: number): Value {
  let end = Math.min(bareEnd(text, begin), pipe)
  while (end > begin && text[end - 1] === ' ') end--
  return { begin, end, quote: '', closed: true, next: end }
}

function isReader(command: string): boolean {
  const called = command.trimStart().replace(/^sudo (?=[^-])/, '')
  return READS_PASSWORD.test(called) || MAY_READ_PASSWORD.test(called)
}

/**
 * Is the word printed by a traced `echo` the input of a command? A trace shows the two ends of a pipe as two lines, in either
 * order, so the adjacent lines show it.
 */
export function isHandedOver(text: string, word: string, at: number, end: number): boolean {
  const lineBegin = lineBeginning(text, at)
  const depth = TRACED.exec(text.slice(lineBegin, end))?.[1]
  if (depth === undefined || !mayBePassword(word) || /^\d{1,4}$/.test(word)) return false
  const before = text.slice(Math.max(0, lineBegin - NEAR_LINES * LONGEST_LINE), lineBegin).split('\n')
  const after = text.slice(end, end + NEAR_LINES * LONGEST_LINE).split('\n')
  const near = [...before.slice(-1 - NEAR_LINES, -1), ...after.slice(1, 1 + NEAR_LINES)]
  return near.some((line) => {
    const traced = TRACED.exec(line)
    if (traced === null || traced[1] !== depth) return false
    const command = traced[2] ?? ''
    if (READS_PASSWORD.test(command)) return !isHostName(word)
    return MAY_READ_PASSWORD.test(command) && looksTelling(word)
  })
}

function isHostName(word: string): boolean {
  return /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+$/i.test(word)
}

const ANNOUNCES = /'random' passwords\s*$/

/**
 * What the next record must know about this line: the traced command, without its arguments, if it reads a password; the
 * words that announce a list of them.
 */
export function readerIn(line: string): string {
  const [, depth = '', command = ''] = TRACED.exec(line) ?? []
  const reader = READS_PASSWORD.exec(command) ?? MAY_READ_PASSWORD.exec(command)
  if (reader !== null) return `${depth} ${reader[0]}`
  return ANNOUNCES.exec(line)?.[0] ?? ''
}

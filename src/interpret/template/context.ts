import { isMask } from './mask.ts'
import { isPackage } from './packages.ts'
import { isProtected } from './protected-words.ts'

/** The word before it can tell what a word stands for: `user alice`, `key=value`, `10 KB`, `Jun 17`. */

const MONTHS = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$/
const DAYS = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)$/
const ZONES = /^(?:UTC|GMT|CEST|CET|[PECM][SD]T|AM|PM)$/
const UNITS = /^(?:B|[KMGT]i?B|[KMG]|[kmg]b|ms|us|ns|s|secs?)$/
const ON_OFF = /^(?:on|off|yes|no)$/i
const EQUALS = 61
const SPACE = 32
/** The words of a folder's name that hold a space, as in `Application Support/Chrome`. */
const IN_FOLDER = /^[A-Z]\w*[/\\]/

/** What a word is followed by: a user name, a session name, or an account if it is a well-known one. */
const LEADS = new Map(
  (
    [
      ['user', 'user username userid owner'],
      ['session', 'session sessionid'],
      ['account', 'for by as account login'],
    ] as const
  ).flatMap(([lead, words]) =>
    words.split(' ').flatMap((word) => spellings(word).map((text) => [text, lead])),
  ),
)

const ACCOUNTS =
  /^(?:root|admin|administrator|guest|nobody|daemon|ftp|mail|sshd|uucp|www-data|test|ubuntu|ec2-user|centos|rocky|postgres|mysql|oracle|operator|support|system)$/i

/** Words that may follow `user` without being names. */
const NO_NAME = new Set(
  [
    'is was were be has had have not no does did do can may will would should and or of in on to for from by at with the this that an',
    'name names id ids data mode space agent interface input session sessions account accounts group groups logged login logging log',
    'request requests requested activity settings service profile info information permission permissions config configuration list',
    'pool directory database process defined specified specific cancelled initiated level type switch switched present stop start',
    'started stopped added removed created deleted set connected connection timeout home password credentials auth authentication',
    'authenticated token tokens exit exits quit root-level found exists lookup cache limit limits key keys namespace namespaces',
  ].flatMap((line) => line.split(' ')),
)

/** What a word is, given the word before it and what separates them. */
export function inContext(previous: string, between: string, word: string): string {
  if (isMask(word)) return word
  if (isPackage(word) && (previous !== '' || between.endsWith('('))) return '<*>'
  if (previous === '') return word
  if ((previous === '<path>' || previous === '<*>') && between === ' ' && IN_FOLDER.test(word))
    return previous
  const meant = isMask(previous) ? afterMask(previous, word) : afterWord(previous, between, word)
  return meant === word || isProtected(word) ? word : meant
}

function afterWord(previous: string, between: string, word: string): string {
  const lead = LEADS.get(previous)
  if (lead === 'user' && /^[ =:'"]+$/.test(between) && !NO_NAME.has(word.toLowerCase())) return '<user>'
  if (lead === 'session' && /^[ =:]*['"=]$/.test(between)) return '<session>'
  if (lead === 'account' && between === ' ' && ACCOUNTS.test(word)) return '<user>'
  if (word.length < 4 && ON_OFF.test(word) && /[(=] *$/.test(between)) return '<bool>'
  return endsWithEquals(between) ? '<*>' : word
}

function endsWithEquals(between: string): boolean {
  const last = between.length - 1
  const code = between.charCodeAt(last)
  return code === EQUALS || (code === SPACE && between.charCodeAt(last - 1) === EQUALS)
}

function afterMask(previous: string, word: string): string {
  if (word.length > 4) return word
  if (previous === '<bool>' && ON_OFF.test(word)) return previous
  if (previous === '<time>' && ZONES.test(word)) return previous
  return UNITS.test(word) ? previous : word
}

/** Does a word repeat a size, as in `1190 bytes (1.16 KB)`? */
export function repeatsSize(previous: string, between: string, word: string): boolean {
  if (previous !== 'bytes' && previous !== 'byte') return false
  return between.startsWith(' (') && (isMask(word) || UNITS.test(word))
}

/** Is this word a part of the value that follows it? Days, months and single capital letters are. */
export function leadsValue(word: string, between: string): boolean {
  if (between !== ' ' && between !== ', ') return false
  return isDatePart(word) || (word.length === 1 && word >= 'A' && word <= 'Z')
}

/** Is this a day or a month, as in dates? */
export function isDatePart(word: string): boolean {
  return word.length === 3 && (MONTHS.test(word) || DAYS.test(word))
}

/** Within a sentence, at its beginning, and in capitals. */
function spellings(word: string): string[] {
  return [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()]
}

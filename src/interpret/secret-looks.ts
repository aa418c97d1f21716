const OUTCOME =
  /^(?:files|sss|compat|systemd|ldap|nis|db|winbind|required|optional|requisite|sufficient|include|set|unset|changed|updated|expired|invalid|incorrect|wrong|missing|rejected|denied|failed|failure|error|unknown|locked|disabled|enabled|accepted|ok|success|mismatch|done|created|generated|skipped|configured|completed?|to|or|and|is|for|prompt|via|on|in|from|option|flag|argument|parameter|instead|with|at|by|as|was|were|has|have|be|must|should|can|cannot|may|will|not|no|the|a|an|field|file|string|stdin)[.!,;]?$/i

/** Is this word, found in prose after `password:`, an outcome rather than a password? */
export function isOutcome(word: string): boolean {
  return OUTCOME.test(word) || /^[a-z_]+=[^=]|^ip-\d|^pam_/.test(word)
}

/** Does a word in prose look like a password: letters with digits or signs, not a plain word? */
export function looksSecret(word: string): boolean {
  if (word.length > 64) return true
  if (word.length < 6 || isOutcome(word)) return false
  return /[A-Za-z]/.test(word) && (/\d/.test(word) || /[!@#$%^&*+=~?]./.test(word))
}

const PLAIN_START = /^(?:[-/~.$[{(<*]|arn:|\w+:\/\/|[A-Za-z_][\w.]*=(?!=?$))/

/** May a lone word be a password, judging by its first characters? */
export function mayBePassword(word: string): boolean {
  return !PLAIN_START.test(word) && !word.includes('«')
}

/** For a name that also precedes folders and counts (`pass=3`, `pwd=/root`): may this value be a secret? */
export function isNoPlace(value: string): boolean {
  return !/^(?:\/[\w.-]+(?:\/|$)|~?\/|~$|\.{1,2}(?:\/|$)|[A-Za-z]:\\|\d{1,4}$|(?:pass|fail)(?:ed)?$)/.test(
    value,
  )
}

/** For a name that also counts things: `num_pass=3`. */
export function isNoCount(value: string): boolean {
  return !/^\d{1,4}$/.test(value)
}

/** For a key of a cipher or service: keys of AWS have names and ids, which may be shown. */
export function isNoName(value: string): boolean {
  return isNoPlace(value) && !/^(?:alias\/|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$)/.test(value)
}

// Names are written in small letters with dashes, dots or slashes; ids are uuids.
const NAME_LIKE =
  /^(?:[a-z0-9]+(?:[-_./:][a-z0-9]+)+|[a-z]+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|alias\/.*|.*\.(?:py|js|txt|pem|key|json|log))$/

/** For a word that as often occurs in prose or before a name (`secret: edh-prod`): does this value look like a secret? */
export function looksTelling(value: string): boolean {
  if (value.length < 6 || !isNoPlace(value) || !mayBePassword(value) || NAME_LIKE.test(value)) return false
  if (/\s/.test(value)) return false
  return looksSecret(value) || /[a-z][A-Z]|[A-Z]{2}[a-z]{2}/.test(value)
}

/** The number of kinds of characters in a word: small and capital letters, digits, and signs that names do not have. */
function kindsIn(word: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^\w.:/@\\-]/].filter((kind) => kind.test(word)).length
}

/** Is this bare word, in a sentence about passwords, a password? Names of hosts and users are not. */
export function looksStrong(word: string): boolean {
  if (word.length < 8 || word.length > 128 || /^\w+[([]/.test(word)) return false
  return mayBePassword(word) && kindsIn(word) >= 3
}

/** Does a lone quoted or bare word look like a password given to a command on its standard input? */
export function looksGenerated(word: string, quoted: boolean): boolean {
  const core = word.replace(/[.!?:]+$/, '')
  if (core.length < 8 || core.length > 256 || !mayBePassword(core)) return false
  // A trace quotes what the shell would not take as one word.
  if (quoted) return !/\s/.test(core) && /[^\w.:/=@%+,-]/.test(word) && kindsIn(core) >= 3
  if (kindsIn(core.replace(/[^\w]/g, '')) < 3 || core.length < 10 || /[./:]/.test(core)) return false
  const changes = core.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|\d(?=[A-Za-z])/g)?.length ?? 0
  return changes >= core.length * (core.length < 16 ? 0.4 : 0.3)
}

const LONE_KEY = /^(?:b?['"])?([\w+/-]{43}=)['"]?$/
/** Lengths of texts that may be a lone key, quotes included. */
export const LONE_KEY_LENGTHS = { least: 44, most: 47 } as const

/** A text that is nothing but the base64 of 32 bytes is the key of a cipher; no word leads to it. */
export function loneKey(text: string): { readonly begin: number; readonly end: number } | undefined {
  if (text.length < LONE_KEY_LENGTHS.least || text.length > LONE_KEY_LENGTHS.most) return undefined
  const key = LONE_KEY.exec(text)?.[1]
  if (key === undefined) return undefined
  const begin = text.indexOf(key)
  return { begin, end: begin + key.length }
}

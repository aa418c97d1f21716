/**
 * What secrets look like, as data. A secret is a value after a telling key (`KEYS`, with the ways in which a key leads to its
 * value in `SEPARATORS`), a text of a telling shape (`SHAPES`), or an argument of a command (`COMMANDS`). Everything is found
 * from a needle, so a text without needles contains no secret.
 */
export type SecretKey = {
  readonly kind: string
  readonly word: string
  readonly needles: readonly string[]
  /** Set if the word also precedes values that are no secrets: returns whether a value may be one. */
  readonly only?: (value: string) => boolean
}

/** Matched at a needle. The group `value` must end the match (or the pattern has flag d); without it an argument follows. */
export type SecretShape = {
  readonly kind: string
  readonly needles: readonly string[]
  readonly pattern: RegExp
  /** The value is printed literally and is never a variable. */
  readonly data?: true
  /** The value has no key: it must fill the line and look like a password, or be the input of a command that reads one. */
  readonly lone?: true
  /** Set if other things have this shape, too: returns whether a value may be a secret. */
  readonly only?: (value: string) => boolean
  /** The value is on the line below. */
  readonly across?: true
}

/** The value is the argument of a flag in the rest of the line; with `after`, what follows that character. */
export type SecretCommand = {
  readonly kind: string
  readonly needles: readonly string[]
  readonly flag: RegExp
  readonly after?: string
}

/** How a key leads to its value. `head` is tested on what precedes the separator, including the key. */
export type Separator = {
  readonly style: 'json' | 'assign' | 'colon' | 'argument' | 'element' | 'substitute' | 'rest' | 'prose'
  readonly pattern: RegExp
  readonly head?: RegExp
}

/** Needles made of a word with each of these endings. */
export const tails = (word: string, ends: readonly string[]): string[] => ends.map((end) => word + end)

/** Endings of key names that hold no secret although they end in a secret's word: settings, and names of programs. */
export const NOT_A_KEY =
  /(?:NOPASSWD|Ec2SetPassword|(?:next|continuation|client|page|cursor|pagination|starting|cancellation)[_-]?token|(?:stdin|prompt|ask|no|without|use|using|enable|require)[_-]passw(?:or)?d|(?:^|\/|\.)(?:ht|ch|smb|g|vnc|ldap|slap|k|yp|dcv)passwd)$/i

/** What may follow the word within a key that still holds the secret itself. */
export const KEY_SUFFIX =
  /(?:[_-]?(?:\d{1,2}|value|text|plain(?:text)?|base64|b64|hash|enc(?:rypted|oded)?|string|new|old|current|confirm(?:ation)?|again|repeat|placeholder|here)|[sdo])?(?:_{1,2}(?=[/|#,%@]))?(?![\w-])/iy

export const QUOTE = String.raw`(?:'\\''|'"'"'|&quot;|&#3[49];|%22|\\u0022|\\*["'])`
const BLANK = String.raw`(?:\s|\\[nrt])*`
/** A regex of these parts that matches only where `lastIndex` points. */
export const sticky = (...parts: readonly string[]): RegExp => new RegExp(parts.join(''), 'y')

// `password is x`, `password for jdoe set to x`: what is between the word and its value in a sentence.
const LEADS = String.raw`(?:(?:has been |was |is )?(?:set|reset|changed|updated|initiali[sz]ed) to|is|was|to|as)(?: be)?:?[ \t]+`
const OWNED = String.raw`(?:(?:has been |was |is )?(?:generated |created |set )?(?:for|of) (?:(?:user|account|principal|role) )?\S{1,80}(?: ?:| is| to| (?:has been |was |is )?(?:set|reset|changed) to)[ \t]+)`

export const SEPARATORS: readonly Separator[] = [
  {
    style: 'json',
    pattern: sticky(QUOTE, BLANK, `(?:\\]${BLANK})?(?::|=>|=|%3A)`, BLANK, `(?:[[(]${BLANK})?`),
  },
  {
    // Name and value as two members of one object: parameters, tags, environments of containers.
    style: 'json',
    pattern: sticky(
      `${QUOTE}\\s*,\\s*(?:${QUOTE}\\w{4,8}${QUOTE}\\s*:\\s*${QUOTE}\\w+${QUOTE}\\s*,\\s*)?`,
      `${QUOTE}(?:Parameter|Output)?[Vv]alue${QUOTE}\\s*:\\s*(?:\\{\\s*${QUOTE}\\w+${QUOTE}\\s*:\\s*)?`,
    ),
  },
  { style: 'json', pattern: sticky(QUOTE, '\\s*,\\s*'), head: /(?:\(\s*[bu]?\\*["'][\w.-]*|["']--?[\w-]*)$/ },
  { style: 'json', pattern: /\(\s*(?=[bu]?\\*["'])/y, head: /(?:[Ss]et_?[Pp]assword|\bPASSWORD)$/ },
  { style: 'assign', pattern: /["']?\s+(?:-(?:Property)?Type\s+\w+\s+)?-Value\s+/y },
  { style: 'assign', pattern: /["']?\s+(?:\/t\s+)?(?:REG_\w+\s+\/d\s+|REG_\w+\s+|\/d\s+)/y },
  { style: 'assign', pattern: /["'];?\s+value=|,\s*ParameterValue=/y },
  { style: 'assign', pattern: / property\. Its (?:current )?value is /y },
  { style: 'assign', pattern: /\s+value=/y, head: /<[\w.:-]*$/ },
  { style: 'assign', pattern: /[ \t]*(?::=|=>|={1,3}|%3[dD])[ \t]*/y },
  { style: 'argument', pattern: /:(?=\S)/y, head: /(?:^|\s)[/-]\w+$/ },
  { style: 'colon', pattern: /(?:[ \t]*[([][\w *]{1,24}[)\]])?[ \t]*::?[ \t]*/y },
  {
    style: 'element',
    pattern: /(?:>|&gt;)\s*(?:<(?:\w+:)?(?:Value|PlainText|String)>\s*)?/y,
    head: /(?:<|&lt;)(?:\w+:)?[\w.-]*$/,
  },
  { style: 'substitute', pattern: /[%@}]{1,4}[/|#]/y },
  { style: 'substitute', pattern: /[/|#]/y, head: /(?:^|[\s'"])s[/|#][\w.-]*$/ },
  { style: 'rest', pattern: / has (?:binary )?value(?: of)? /y },
  { style: 'argument', pattern: /["']?[ \t]+/y, head: /(?:^|[\s"'(,=])(?:--?|\/)[\w.-]*$/ },
  {
    style: 'argument',
    pattern: /[ \t]+/y,
    head: /(?:(?:^|\s)(?:bindpw|rootpw|olcRootPW|requirepass|masterauth)|\blogin\s+\S+\s+\w*|config(?:ure)?\s+set\s+\S*|--arg\s+\w*)$/,
  },
  { style: 'prose', pattern: sticky(`[ \\t]+(?:${OWNED}|${LEADS})?`) },
]

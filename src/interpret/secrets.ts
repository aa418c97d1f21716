/**
 * What secrets look like, as data. A secret is either a value behind a telling key (`KEYS`, with the ways a
 * key leads to its value in `SEPARATORS`), or a text of telling shape (`SHAPES`), or an argument of a
 * command (`COMMANDS`). Everything is found from a needle, so text without a needle holds no secret.
 */
export type SecretKey = { readonly kind: string; readonly word: string; readonly needles: readonly string[] }

/** Matched at a needle. The group `value` must end the match (or the pattern has flag d); else an argument follows. */
export type SecretShape = {
  readonly kind: string
  readonly needles: readonly string[]
  readonly pattern: RegExp
  /** The value is printed as it is, never a variable. */
  readonly data?: true
  /** The value has no key: it must fill the line and look like a password, or go to a command that reads one. */
  readonly lone?: true
}

/** The value is the argument of a flag in the rest of the line; with `after`, what follows that character. */
export type SecretCommand = {
  readonly kind: string
  readonly needles: readonly string[]
  readonly flag: RegExp
  readonly after?: string
}

/** How a key leads to its value. `head` is tested on what stands before the separator, key included. */
export type Separator = {
  readonly style: 'json' | 'assign' | 'colon' | 'argument' | 'element' | 'substitute'
  readonly pattern: RegExp
  readonly head?: RegExp
}

const key = (kind: string, word: string, needles: readonly string[] = [word]): SecretKey => ({
  kind,
  word,
  needles,
})
const keys = (kind: string, words: string): readonly SecretKey[] => words.split(' ').map((w) => key(kind, w))
const tails = (word: string, ends: readonly string[]): string[] => ends.map((end) => word + end)

// Short words are sought with what follows them: that keeps needles long, and `/etc/passwd` out.
const ENDS = ['=', ':', '"', "'", '\\', '&', '>', ' =', ' :']
const PASS_OWNERS = 'DB AD DS ADMIN USER ROOT LDAP BIND JOIN DOMAIN SMTP PROXY'.split(' ')
const passKeys = PASS_OWNERS.flatMap((owner) => [`${owner}_PASS`, `${owner.toLowerCase()}_pass`])
const tokenEnds = ['_token=', ' token=', '?token=', '&token=', '"token"', "'token'", 'token\\"', "token\\'"]

export const KEYS: readonly SecretKey[] = [
  ...keys(
    'password',
    'assword ASSWORD assWord assphrase assPhrase ASSPHRASE authtok AUTHTOK storepass keypass',
  ),
  ...['passwd', 'Passwd'].map((word) => key('password', word, [`-${word} `, ...tails(word, ENDS)])),
  key('password', 'PASSWD', tails('PASSWD', ['=', ':', '"', "'"])),
  ...['bindpw', 'rootpw', 'RootPW'].map((word) => key('password', word, tails(word, [...' =:"\'']))),
  ...passKeys.map((word) => key('password', word)),
  ...keys('password', 'userPass UserPass adminPass AdminPass bindPass BindPass'),
  ...keys('password', 'MYSQL_PWD ADMIN_PWD USER_PWD BIND_PWD LDAP_PWD ROOT_PWD JOIN_PWD'),
  ...keys('token', 'uth_token uthToken UTH_TOKEN uth-token uth-Token uthtoken UTHTOKEN'),
  ...keys('token', 'ion_token ionToken ION_TOKEN ion-token ion-Token sessiontoken'),
  ...keys('token', 'ity_token ityToken ITY_TOKEN ity-token ity-Token'),
  ...keys('token', 'ess_token essToken ESS_TOKEN ess-token esh_token eshToken ESH_TOKEN'),
  ...keys('token', 'api_token apiToken API_TOKEN ApiToken api-token ata-token ata_token ATA_TOKEN'),
  ...keys('token', 'srf_token srfToken srf-token rer_token id_token idToken IdToken'),
  key('token', 'token', ['--token', ...tokenEnds, '_token"', "_token'", '_token:', '_token\\']),
  key('token', 'TOKEN', ['_TOKEN=', ' TOKEN=', '"TOKEN"', "'TOKEN'", '_TOKEN"', "_TOKEN'", '_TOKEN:']),
  ...keys('signature', 'X-Amz-Signature x-amz-signature'),
  key('signature', 'Signature', ['&Signature=', '?Signature=', ' Signature=', ',Signature=']),
  ...keys('aws-key', 'secret_access_key SecretAccessKey SECRET_ACCESS_KEY secretAccessKey secret-access-key'),
  ...keys('secret', 'secret_key SECRET_KEY secretKey SecretKey secret-key fernet_key FERNET_KEY'),
  ...keys('secret', 'SecretString secretString SecretBinary client_secret CLIENT_SECRET'),
  ...keys('secret', 'clientSecret ClientSecret client-secret'),
  key('secret', 'secret', [
    '"secret"',
    "'secret'",
    '_secret"',
    "_secret'",
    '_secret:',
    ...tails('secret', ['=']),
  ]),
  key('secret', 'SECRET', ['"SECRET"', "'SECRET'", '_SECRET"', "_SECRET'", '_SECRET:', 'SECRET=']),
  ...keys('secret', 'api_key API_KEY api-key Api-Key API-Key'),
  ...['apiKey', 'ApiKey', 'apikey'].map((word) => key('secret', word, tails(word, [...'=:"\'\\']))),
  ...keys('private-key', 'private_key PRIVATE_KEY privateKey PrivateKey private-key'),
]

/** Ends of key names that hold no secret although they end in a secret word. */
export const NOT_A_KEY =
  /(?:NOPASSWD|(?:next|continuation|client|page|cursor|pagination|starting|cancellation)[_-]?token|(?:stdin|prompt|ask|no|without)[_-]passw(?:or)?d)$/i

/** What may follow the word inside a key that still holds the secret itself. */
export const KEY_SUFFIX =
  /(?:[_-]?(?:\d{1,2}|value|text|plain(?:text)?|base64|b64|hash|enc(?:rypted|oded)?|string|new|old|current|confirm(?:ation)?|again|repeat)|s)?(?![\w-])/iy

const QUOTE = String.raw`(?:'\\''|'"'"'|&quot;|&#3[49];|%22|\\u0022|\\*["'])`
const BLANK = String.raw`(?:\s|\\[nrt])*`
const sticky = (...parts: readonly string[]): RegExp => new RegExp(parts.join(''), 'y')

export const SEPARATORS: readonly Separator[] = [
  { style: 'json', pattern: sticky(QUOTE, BLANK, `(?:\\]${BLANK})?(?::|=>|=)`, BLANK, `(?:[[(]${BLANK})?`) },
  {
    // Name and value as two members of one object: parameters, tags, environments of containers.
    style: 'json',
    pattern: sticky(
      `${QUOTE}\\s*,\\s*(?:${QUOTE}\\w{4,8}${QUOTE}\\s*:\\s*${QUOTE}\\w+${QUOTE}\\s*,\\s*)?`,
      `${QUOTE}(?:Parameter)?[Vv]alue${QUOTE}\\s*:\\s*`,
    ),
  },
  { style: 'json', pattern: sticky(QUOTE, '\\s*,\\s*'), head: /(?:\(\s*[bu]?\\*["'][\w.-]*|["']--?[\w-]*)$/ },
  { style: 'assign', pattern: /["']?\s+(?:-(?:Property)?Type\s+\w+\s+)?-Value\s+/y },
  { style: 'assign', pattern: /["']?\s+(?:\/t\s+)?(?:REG_\w+\s+\/d\s+|REG_\w+\s+|\/d\s+)/y },
  { style: 'assign', pattern: /["']\s+value=/y },
  { style: 'assign', pattern: /[ \t]*(?::=|=>|={1,3})[ \t]*/y },
  { style: 'colon', pattern: /[ \t]*::?[ \t]*/y },
  { style: 'element', pattern: />\s*(?:<(?:\w+:)?Value>\s*)?/y, head: /<(?:\w+:)?[\w.-]*$/ },
  { style: 'substitute', pattern: /[%@}]{1,4}[/|#]/y },
  { style: 'argument', pattern: /["']?[ \t]+/y, head: /(?:^|[\s"'(,=])(?:--?|\/)[\w.-]*$/ },
  {
    style: 'argument',
    pattern: /[ \t]+/y,
    head: /(?:(?:^|\s)(?:bindpw|rootpw|olcRootPW)|\blogin\s+\S+\s+\w*)$/,
  },
]

// A self-describing value starts where no word goes on; `\n` and `%3D` before it are escapes, not letters.
const EDGE = String.raw`(?:(?<![\w-])|(?<=\\[nrt]|%[0-9A-Fa-f]{2}))`
const BASE64 = String.raw`[\w+/=%-]`

const schemes =
  'http https sftp ftps ldap ldaps smtp socks5 mysql mssql clickhouse redis rediss postgres postgresql mongodb amqp amqps'
const urlNeedles = [...schemes.split(' ').map((scheme) => `${scheme}://`), '+srv://']
const USER_INFO = String.raw`[\w+]*:\/\/[^\s/?#"'@:<>\\[]{0,128}:`

// Base64 of `{"alg`, `{"typ`, …: how the JSON of a token begins. Three letters alone would be sought in every line.
const JSON_STARTS = [
  ...['alg', 'typ', 'kid', 'x5t', 'x5c', 'jku', 'cty', 'enc', 'zip', 'crit', 'nonce'],
  ...['iss', 'sub', 'exp', 'aud', 'iat', 'jti', 'tok', 'acc', 'use', 'pas', 'ses'],
].map((key) => Buffer.from(`{"${key}`).toString('base64'))

export const SHAPES: readonly SecretShape[] = [
  {
    kind: 'jwt',
    needles: JSON_STARTS.map((start) => start.slice(0, 7)),
    pattern: sticky(EDGE, `(?<value>eyJ${BASE64}{14,}(?:\\.[\\w-]*){0,4}|eyJ[\\w-]{3,}$)`),
  },
  {
    kind: 'token',
    needles: ['gAAAAAB', 'Z0FBQUF'],
    pattern: sticky(EDGE, `(?<value>(?:gAAAAAB|Z0FBQUF)(?:${BASE64}{10,}|${BASE64}+$))`),
  },
  {
    kind: 'token',
    needles: ['IQoJb3JpZ2lu', 'FwoGZXIvYXdz', 'FQoGZXIvYXdz', 'FQoDYXdz', 'github_pat_'],
    pattern: sticky(EDGE, `(?<value>${BASE64}{8,})`),
  },
  {
    kind: 'aws-key',
    needles: ['AKIA', 'ASIA'],
    pattern: sticky(EDGE, '(?<value>A(?:KI|SI)A(?:[A-Z0-9]{12,28}(?![A-Za-z0-9])|[A-Z0-9]{2,15}$))'),
  },
  {
    kind: 'aws-key',
    needles: ['AKIA', 'ASIA'],
    pattern: /A(?:KI|SI)A[A-Z0-9]{16}["']?[\s,:;|]{1,4}["']?(?<value>[\w/+]{40}(?![\w/+])|[\w/+]{6,39}$)/y,
  },
  {
    // Without its end a key was cut: then all that follows belongs to it.
    kind: 'private-key',
    needles: ['PRIVATE KEY'],
    pattern:
      /(?<=-----BEGIN [A-Z0-9 ]{0,40})PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr])*(?<value>[\s\S]*?)(?=(?:\s|\\[nr]){0,8}(?:-----END |$))/y,
  },
  {
    kind: 'token',
    needles: ['uthorization', 'UTHORIZATION'],
    pattern: new RegExp(
      `uthorization${QUOTE}?\\s*[:=,]\\s*[bu]?${QUOTE}?(?:(?:bearer|basic|token|negotiate|apikey)\\s+(?<value>[^\\s"',;\\\\<>&]+))`,
      'iy',
    ),
  },
  {
    kind: 'token',
    needles: ['Bearer ', 'bearer ', 'BEARER '],
    pattern: /bearer\s+(?<value>(?=\S{0,63}\d)[\w+/=.~-]{8,}|[\w+/=.~-]{6,}$)/iy,
  },
  {
    kind: 'token',
    needles: ['et-Cookie: ', 'et-cookie: '],
    pattern: /et-cookie:\s+[\w.-]+=(?<value>[^;\s"']+)/iy,
  },
  {
    kind: 'token',
    needles: ['Cookie: ', 'cookie: '],
    pattern: /(?<!et-)cookie:\s+[\w.-]+=(?<value>[^\n"']+)/iy,
  },
  {
    kind: 'url-credentials',
    needles: urlNeedles,
    pattern: sticky(
      USER_INFO,
      String.raw`(?<value>[^\s"'<>/?#]{1,256}(?=@)|(?!\d{1,5}[/?#])[^\s"'<>]{1,256}?(?=@[\w.-])|(?!\d{1,5}\W{0,4}$)[^\s"'<>@/?#]{1,256}$)`,
    ),
  },
  {
    kind: 'url-credentials',
    needles: ['http://', 'https://'],
    pattern: /https?:\/\/(?<value>[\w-]{20,256})(?=@)/y,
  },
  {
    kind: 'password',
    needles: ['net user', 'NET USER', 'Net user', 'net.exe user', 'net1 user'],
    pattern:
      /(?<=(?:^|[\n;&|("'`]|[A-Z]:\\[^\n>]{0,128}>)\s{0,4}|[+:] |\/c )net1?(?:\.exe)? +user +(?:"[^"\n]{1,64}"|[^\s"/]\S{0,63}) +(?![/*])/iy,
  },
  {
    kind: 'password',
    needles: ['SecureString', 'securestring'],
    pattern: /(?<=ConvertTo-)SecureString(?:\s+-(?:AsPlainText|Force|String))*\s+(?!-)/iy,
  },
  {
    kind: 'password',
    needles: ['SecureString', 'securestring'],
    pattern: /(?<=\2(?<value>[^"'\n]{1,200})(["'])\s{0,4}\|\s{0,4}ConvertTo-)SecureString/diy,
  },
  {
    kind: 'secret',
    needles: ['SecureString'],
    pattern: sticky(`SecureString${QUOTE}\\s*,\\s*${QUOTE}Value${QUOTE}\\s*:\\s*`),
    data: true,
  },
  { kind: 'secret', needles: ['SecureString'], pattern: /SecureString\t(?<value>[^\t\n]+)/y },
  {
    kind: 'password',
    needles: ['-passin ', '-passout '],
    pattern: /-pass(?:in|out)\s+["']?pass:(?<value>[^\s"']+)/y,
  },
  {
    kind: 'password',
    needles: ['+ echo ', '+ printf '],
    pattern: /(?<=(?:^|[\s:\]])\+{0,12})\+ (?:echo|printf '?%s(?:\\n)?'?)(?: -[neE]+)* /y,
    lone: true,
  },
]

export const COMMANDS: readonly SecretCommand[] = [
  {
    kind: 'password',
    needles: [...tails('curl -', [...'ufskXiHLvdoI-']), '--user ', '--user=', '--proxy-user '],
    flag: /(?:\s-[A-Za-z]*u|--user|--proxy-user)(?:[ =]+|(?=['"\w]))/g,
    after: ':',
  },
  {
    kind: 'password',
    needles: 'ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldapcompare ldapmodrdn'.split(' '),
    flag: /\s-w\s*/g,
  },
  { kind: 'password', needles: ['ldappasswd', 'slappasswd'], flag: /\s-[was]\s*/g },
  { kind: 'password', needles: ['sshpass'], flag: /\s-p\s*/g },
  { kind: 'password', needles: ['useradd ', 'usermod '], flag: /\s(?:-p|--password)[ =]+/g },
  { kind: 'password', needles: ['schtasks', 'SCHTASKS'], flag: /\s\/r?p\s+/gi },
  { kind: 'password', needles: ['net ads ', 'smbclient', 'rpcclient'], flag: /\s-U\s*/g, after: '%' },
  { kind: 'password', needles: ['mysql -', 'mysqldump', 'mysqladmin'], flag: /\s-p(?=[^\s-])/g },
  { kind: 'password', needles: ['redis-cli'], flag: /\s-a\s+/g },
]

import { QUOTE, type SecretShape, sticky } from './secrets.ts'

// A self-describing value starts at the start of a word; `\n` and `%3D` before it are escapes, not letters.
const EDGE = String.raw`(?:(?<![\w-])|(?<=\\[nrt]|%[0-9A-Fa-f]{2}))`
const BASE64 = String.raw`[\w+/=%-]`

// Base64 of `{"alg`, `{"typ`, …: how the JSON of a token begins. Three letters alone would be found in every line.
const JSON_STARTS = [
  ...['alg', 'typ', 'kid', 'x5t', 'x5c', 'jku', 'cty', 'enc', 'zip', 'crit', 'nonce'],
  ...['iss', 'sub', 'exp', 'aud', 'iat', 'jti', 'tok', 'acc', 'use', 'pas', 'ses'],
].map((key) => Buffer.from(`{"${key}`).toString('base64'))

const TOKEN_STARTS =
  'github_pat_ pypi-AgE dop_v1_ doo_v1_ sk_live_ rk_live_ sk_test_ sk-ant- AIzaSyA AIzaSyB AIzaSyC AIzaSyD hvs.CAES hvb.AAAA dckr_pat_ dckr_oat_ glptt- shpat_ ATATT3x ya29.a0'
    .split(' ')
    .filter((start) => start.length >= 7)
// Tokens that begin with few letters are searched only where one is likely.
const LED_BY = ['token ', 'oken: ', 'echo ', 'auth ', 'with ', 'key: ']
const BCRYPT = ['a', 'b', 'y'].flatMap((kind) =>
  ['05', '08', '10', '11', '12', '13', '14'].map((cost) => `$2${kind}$${cost}$`),
)
const escaped = (text: string): string => text.replace(/[$+?.]/g, '\\$&')

const COOKIES = ['ookie: ', "ookie': ", "ookie', ", 'ookie": ', 'ookie":"', 'ookie\\": '].flatMap((end) => [
  `C${end}`,
  `c${end}`,
])

/** Tokens, keys and hashes: by their own shape, or in a header. */
export const TOKENS: readonly SecretShape[] = [
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
    needles: ['IQoJb3JpZ2lu', 'FwoGZXIvYXdz', 'FQoGZXIvYXdz', 'FQoDYXdz', ...TOKEN_STARTS],
    pattern: sticky(EDGE, '(?<value>[\\w+/=%.-]{12,})'),
  },
  {
    kind: 'token',
    needles: ['AQAEA'],
    pattern: sticky(EDGE, '(?<value>AQAEA[\\w-]{35,60}={0,2})'),
  },
  {
    kind: 'token',
    needles: ['xoxb-', 'xapp-1-', 'xoxe.xoxp-', ...LED_BY.map((lead) => `${lead}xoxp-`)],
    pattern: /(?<![\w-])(?:[\w:]+ )?(?<value>(?:xox[a-z.]+|xapp)-[\w-]{10,})/y,
  },
  {
    kind: 'token',
    needles: ['p', 'o', 'u', 's', 'r'].flatMap((kind) => LED_BY.map((lead) => `${lead}gh${kind}_`)),
    pattern: new RegExp(`(?:${LED_BY.map(escaped).join('|')})(?<value>gh[pousr]_\\w{20,})`, 'y'),
  },
  {
    kind: 'token',
    needles: ['glpat-', 'npm_'].flatMap((start) => LED_BY.map((lead) => lead + start)),
    pattern: new RegExp(`(?:${LED_BY.map(escaped).join('|')})(?<value>(?:glpat-|npm_)[\\w.-]{20,})`, 'y'),
  },
  {
    kind: 'token',
    needles: ['hooks.slack.com/services/', 'discord.com/api/webhooks/', 'webhook.office.com/webhookb2/'],
    pattern: /[\w.]+(?:\/[a-z]\w+){1,2}\/(?<value>[\w/@-]{12,})/y,
  },
  {
    kind: 'signature',
    needles: ['.windows.net/'],
    pattern: /\.windows\.net\/[^\s"']{0,600}?[?&]sig=(?<value>[^\s"'&]+)/y,
  },
  {
    kind: 'password-hash',
    needles: ['$6$', '$5$round', '$y$j9T$', ':$apr1$', ...BCRYPT],
    pattern: /:?(?<![\w$])\$(?:[156]|y|apr1|2[aby])\$(?<value>[\w./$=]{12,})/y,
  },
  {
    kind: 'password-hash',
    needles: ['{SSHA}', '{SSHA256}', '{SSHA512}', '{CRYPT}', '{PBKDF2', '{ARGON2}'],
    pattern: /\{[A-Z0-9_-]+\}(?<value>[\w+/=$.,]{8,})/y,
  },
  {
    // What follows the hash in a line of /etc/shadow.
    kind: 'password-hash',
    needles: [':99999:7:'],
    pattern: /(?<=(?:^|[\s'"])[\w.$-]{1,32}:(?<value>[^\s:*!][^\s:]{6,200}):\d{0,6}:\d{0,4}):99999:7:/dy,
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
    // A key without its end was cut: then everything that follows belongs to it.
    kind: 'private-key',
    needles: ['PRIVATE KEY'],
    pattern:
      /(?<=-----BEGIN [A-Z0-9 ]{0,40})PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr])*(?<value>[\s\S]*?)(?=(?:\s|\\[nr]){0,8}(?:-----END |$))/y,
    across: true,
  },
  {
    kind: 'token',
    needles: ['uthorization', 'UTHORIZATION'],
    pattern: new RegExp(
      `uthorization${QUOTE}?\\s*[:=,]\\s*[bu]?${QUOTE}?(?:(?:bearer|basic|token|negotiate|apikey|ntlm|kerberos|key)\\s+(?<value>[^\\s"',;\\\\<>&]+))`,
      'iy',
    ),
  },
  {
    kind: 'token',
    needles: ['uthorization', 'UTHORIZATION'],
    pattern: new RegExp(
      `uthorization${QUOTE}?\\s*[:=,]\\s*[bu]?${QUOTE}?(?:digest\\s+(?<value>[^\\n]+))`,
      'iy',
    ),
  },
  {
    // Without a scheme the whole header is the secret: it contains a digit, or a quote ends it.
    kind: 'token',
    needles: ['uthorization', 'UTHORIZATION'],
    pattern: new RegExp(
      `uthorization${QUOTE}?\\s*[:=,]\\s*[bu]?${QUOTE}?(?!AWS4|\\w+\\s+\\S)(?<value>(?=[^\\s"']{0,63}\\d)[\\w+/=.~:-]{8,}|[\\w+/=.~:-]{6,}(?=\\\\*["']))`,
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
    needles: COOKIES.map((cookie) => `et-${cookie}`).concat('ET-COOKIE: ', 'ET_COOKIE'),
    pattern: new RegExp(
      `et[-_]cookie${QUOTE}?\\s*[:,=]\\s*[bu]?${QUOTE}?[\\w.-]+=(?<value>[^;\\s"'\\\\]+)`,
      'iy',
    ),
  },
  {
    kind: 'token',
    needles: [...COOKIES, 'HTTP_COOKIE', 'COOKIE: '],
    pattern: new RegExp(
      `(?<!et[-_])(?:http_)?cookie${QUOTE}?\\s*[:,=]\\s*[bu]?${QUOTE}?[\\w.-]+=(?<value>[^\\n"'\\\\]+)`,
      'iy',
    ),
  },
  { kind: 'token', needles: ['<Cookie '], pattern: /<Cookie [\w.-]+=(?<value>\S+)(?= for )/y },
  {
    kind: 'token',
    needles: ['SessionCookie'],
    pattern: /SessionCookie(?:-\d)?["']?[=:] ?["']?(?<value>[^;\s"']+)/y,
  },
  {
    // As Werkzeug writes them.
    kind: 'password-hash',
    needles: ['pbkdf2:sha', 'scrypt:32768:', '$argon2'],
    pattern:
      /(?:pbkdf2:sha\d+(?::\d+)?|scrypt(?::\d+){3}|\$argon2\w+\$v=\d+\$[\w=,]+)\$(?<value>[\w./$+=]{12,})/y,
  },
  {
    kind: 'password-hash',
    needles: ['aad3b435b51404ee'],
    pattern: /aad3b435b51404eeaad3b435b51404ee:(?<value>[\da-f]{32})/y,
  },
]

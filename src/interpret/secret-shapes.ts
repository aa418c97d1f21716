import { looksTelling } from './secret-looks.ts'
import { TOKENS } from './secret-tokens.ts'
import { QUOTE, type SecretShape, sticky } from './secrets.ts'

// The end of a scheme is enough to find those with a prefix: `mysql+pymysql://`.
const SCHEMES =
  'https http sftp ftps ldaps ldap smtps smtp imaps imap socks5 socks5h socks4 mysql mysqldb mariadb mssql pyodbc clickhouse clickhousedb redis rediss valkey valkeys memcached postgres postgresql psycopg psycopg2 asyncpg mongodb oracle oracledb cx_oracle amqp amqps mqtts nats neo4j bolt opensearch elasticsearch couchdb cifs rtsp HTTP HTTPS'
const SHORT_SCHEMES = 'ftp smb ssh wss dcv rdp vnc'.split(' ')
const urlNeedles = [
  ...SCHEMES.split(' ').map((scheme) => `${scheme}://`),
  ...SHORT_SCHEMES.flatMap((scheme) => [...' "\'=+'].map((before) => `${before}${scheme}://`)),
  '+srv://',
]
const USER_INFO = String.raw`[ "'=+]?[\w+]*:\/\/[^\s/?#"'@:<>\\[]{0,128}:`

export const SHAPES: readonly SecretShape[] = [
  ...TOKENS,
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
    pattern: /(?<=ConvertTo-)SecureString(?:\s+-(?:AsPlainText|Force|String))*\s+(?![\s-]|:\s)/iy,
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
    needles: ['SecureString): name'],
    pattern: /SecureString\): name="String"; value="(?<value>[^"\n]+)/y,
  },
  {
    kind: 'password',
    needles: ['BIND arg ['],
    pattern: /BIND arg \[(?<value>[^\n]{1,200}?)(?=\] to param(?:eter)? \[\w{0,32}(?:[Pp]ass|Secret|Token))/y,
  },
  {
    kind: 'password',
    needles: ['-passin ', '-passout ', '-pass pass:', '-password pass:'],
    pattern: /-pass(?:in|out|word)?\s+["']?pass:(?<value>[^\s"']+)/y,
  },
  {
    kind: 'password',
    needles: ['openssl passwd -'],
    pattern: /openssl passwd(?:\s+-(?:salt|in|rand|writerand)\s+\S+|\s+-\w+)+ +(?![-<|>])/y,
  },
  {
    kind: 'password',
    needles: ['htpasswd -'],
    pattern:
      /htpasswd(?=(?:\s+-[A-Za-z]+){0,4}\s+-[A-Za-z]*b)(?:\s+-[A-Za-mo-z]+){1,5}\s+[^\s-]\S*\s+[^\s-]\S*\s+/y,
  },
  {
    kind: 'password',
    needles: ['htpasswd -'],
    pattern:
      /htpasswd(?=(?:\s+-[A-Za-z]+){0,4}\s+-[A-Za-z]*n)(?=(?:\s+-[A-Za-z]+){0,4}\s+-[A-Za-z]*b)(?:\s+-[A-Za-z]+){1,5}\s+[^\s-]\S*\s+/y,
  },
  {
    kind: 'password',
    needles: ['IDENTIFIED ', 'dentified by '],
    pattern: /(?:i?dentified)(?:\s+with\s+\S+)?\s+(?:by|as)\s+(?:password\s+)?(?=\\*['"])/iy,
    data: true,
  },
  {
    kind: 'password',
    needles: ['simple_bind'],
    pattern: /simple_bind(?:_s)?\(\s*(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'|[\w.]+)\s*,\s*(?=[bu]?["'])/y,
  },
  {
    kind: 'password',
    needles: ['NetworkCredential'],
    pattern:
      /NetworkCredential\]?(?:::new)?\(\s*(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'|\$[\w.]+)\s*,\s*(?=["'])/y,
  },
  {
    kind: 'password',
    needles: ['utologon.exe', 'utologon64'],
    pattern: /utologon(?:64)?(?:\.exe)?(?:\s+[/-]accepteula)?\s+[^\s/-]\S*\s+[^\s/-]\S*\s+(?!-)/iy,
  },
  {
    kind: 'url-credentials',
    needles: ['jdbc:oracle:', 'sqlplus '],
    pattern: /(?:jdbc:oracle:\w+:|sqlplus(?:\s+-\w+)*\s+)[\w$]{1,64}\/(?<value>[^\s@/]{1,128})(?=@)/y,
  },
  {
    kind: 'password',
    needles: ['Connection('],
    pattern: /Connection\(\s*[\w.'":/]+,\s*(?:"[^"\n]{0,200}"|'[^'\n]{0,200}')\s*,\s*(?=[bu]?["'])/y,
  },
  {
    kind: 'password',
    needles: ['assword:', 'assword\\', 'assword"', 'assword}', 'assword*'],
    pattern: /assword[^\n]{0,24}?\bsend(?:\s+--)?\s+\\?["{](?<value>[^"\\\n}]+)/y,
  },
  {
    // A prompt, and what was typed or piped in: on the line below, with no word but itself.
    kind: 'password',
    needles: ['assword:', 'assword for ', 'assphrase:', 'assphrase for '],
    pattern:
      /ass(?:word|phrase)(?: for [^\n:]{1,80})?:[ \t\r]*\n[ \t]*(?<value>\S{6,128})(?=[ \t\r]*(?:\n|$))/y,
    // A flush may have cut it.
    only: (value) => value.includes('«redacted:') || looksTelling(value),
  },
  {
    kind: 'secret',
    needles: ['put-parameter'],
    pattern: /put-parameter(?=[^\n]{0,400}SecureString)[^\n]{0,400}?--value[ =]+/y,
  },
  {
    kind: 'token',
    needles: ['AUTH PLAIN ', 'AUTH LOGIN '],
    pattern: /AUTH (?:PLAIN|LOGIN) (?<value>[\w+/]{4,}={0,2})/y,
  },
  { kind: 'password', needles: ['"AUTH" "'], pattern: /"AUTH" (?:"\w+" )?(?="[^"\n]+"\s*$)/y },
  {
    kind: 'password',
    needles: ['chpasswd'],
    pattern: /chpasswd\W{1,4}\{? ?list\W{1,5}\w[\w.-]{0,31}:(?<value>[^\s"'\\]+)/y,
  },
  ...['', '[\\w.-]{1,32}:\\S+\\s*\\n'].map(
    (lineBetween): SecretShape => ({
      kind: 'password',
      needles: ['chpasswd', "'random' passwords"],
      pattern: sticky(
        "(?:chpasswd(?: -[\\w-]+| [A-Z]\\w+)*|'random' passwords)[ \\t\\r]*\\n",
        lineBetween,
        '[\\w.-]{1,32}:(?<value>\\S+)(?=\\s*(?:\\n|$))',
      ),
      across: true,
    }),
  ),
  {
    kind: 'password',
    needles: ['+ echo ', '+ printf '],
    pattern: /(?<=(?:^|[\s:\]])\+{0,12})\+ (?:echo|printf(?: '?%s(?:\\n)?'?)?)(?: -[neE]+)* /y,
    lone: true,
  },
  {
    // A test for an empty variable prints its value.
    kind: 'password',
    needles: ['+ [[ -z ', '+ [[ -n ', "+ '[' -z ", "+ '[' -n ", '+ [[ ! -z ', "+ '[' '!' -z "],
    pattern: /\+ (?:\[\[|'\[') (?:'?!'? )?-[zn] (?=\S+ (?:\]\]|'\]'))/y,
    lone: true,
  },
]

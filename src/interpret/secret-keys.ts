import { isNoCount, isNoName, isNoPlace, looksTelling } from './secret-looks.ts'
import { type SecretKey, tails } from './secrets.ts'

type Only = (value: string) => boolean

const key = (kind: string, word: string, needles: readonly string[] = [word], only?: Only): SecretKey => ({
  kind,
  word,
  needles,
  ...(only && { only }),
})
const keys = (kind: string, words: string): readonly SecretKey[] => words.split(' ').map((w) => key(kind, w))

// Short words are searched with what surrounds them, which keeps needles long and excludes `/etc/passwd`.
const ENDS = ['=', ':', '"', "'", '\\', '&', '>', ' =', ' :']
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz']
const CAPITALS = LETTERS.map((letter) => letter.toUpperCase())
const PERSONS = 'admin user join root bind ldap domain'.split(' ')

/** A short name where a shell, PowerShell, a program, a command line or JSON assigns a value to it. */
const givenTo = (name: string): readonly string[] =>
  [
    ...[`+ ${name}=`, `export ${name}=`, `local ${name}=`, `declare ${name}=`, `$${name} = `, `$${name} =`],
    ...[
      `$${name}="`,
      `$${name}='`,
      `"${name}": `,
      `"${name}":"`,
      `{"${name}"`,
      `'${name}': `,
      `${name}\\": `,
    ],
    ...[
      `--${name}=`,
      `--${name} `,
      ` --${name}=`,
      ` --${name} `,
      `", ${name}="`,
      `', ${name}='`,
      `${name} = `,
    ],
    ...[`{"${name}":"`, `,"${name}":"`, `"${name}": "`],
  ].filter((needle) => needle.length >= 7)

/**
 * `DB_PASS=x`, `db_pass: x`, `"DB_PASS": x` with any letter before, since `_PASS=` alone is too short to be searched cheaply.
 */
const owned = (name: string, letters: readonly string[]): readonly string[] => [
  ...letters.map((letter) => `${letter}${name}=`),
  ...tails(name, ['":', "':", '\\"', ' =', ': ', ' : ']).filter((needle) => needle.length >= 7),
]

const CAMEL = 'user admin bind join domain local root service'
  .split(' ')
  .flatMap((owner) => [owner, `${owner[0]?.toUpperCase()}${owner.slice(1)}`])

const PASSWORDS: readonly SecretKey[] = [
  ...keys(
    'password',
    'assword ASSWORD assWord assphrase assPhrase ASSPHRASE authtok AUTHTOK storepass keypass',
  ),
  ...['passwd', 'Passwd'].map((word) => key('password', word, [`-${word} `, ...tails(word, ENDS)])),
  key('password', 'PASSWD', tails('PASSWD', ['=', ':', '"', "'"])),
  ...['bindpw', 'rootpw', 'RootPW'].map((word) => key('password', word, tails(word, [...' =:"\'']))),
  ...keys('password', 'requirepass masterauth SSHPASS REDISCLI_AUTH MYSQL_PWD'),
  key('password', 'pass', owned('_pass', LETTERS), isNoCount),
  key('password', 'PASS', owned('_PASS', CAPITALS), isNoCount),
  ...['pwd', 'pw'].map((word) =>
    key(
      'password',
      word,
      PERSONS.flatMap((owner) => tails(`${owner}_${word}`, ['=', ': ', ' = ', '":', "':"])),
      isNoPlace,
    ),
  ),
  ...['pass', 'pwd'].map((word) => key('password', word, [`&${word}=`], isNoPlace)),
  key('password', 'PWD', ['_PWD='], isNoPlace),
  key('password', 'PW', ['_PW='], isNoPlace),
  ...['pass', 'Pass', 'PASS', 'pw', 'PW'].map((word) => key('password', word, givenTo(word), isNoPlace)),
  ...['pwd', 'Pwd'].map((word) => key('password', word, givenTo(word), looksTelling)),
  key('password', 'pass', [' /pass:'], isNoPlace),
  key(
    'password',
    'pass',
    [...'bdlnprt'].flatMap((letter) => [`${letter}-pass=`, `${letter}-pass `]),
    isNoPlace,
  ),
  ...['pw', 'pwd', 'pass'].map((word) =>
    key(
      'password',
      word,
      CAMEL.map((owner) => `${owner.toLowerCase()}${word}=`),
      isNoPlace,
    ),
  ),
  ...['Pass', 'Pwd'].map((word) =>
    key(
      'password',
      word,
      CAMEL.map((owner) => owner + word),
      isNoPlace,
    ),
  ),
  ...CAMEL.map((owner) => key('password', 'Pw', tails(`${owner}Pw`, ['=', ' =', '"']), isNoPlace)),
]

const TOKENS: readonly SecretKey[] = [
  ...keys('token', 'uth_token uthToken UTH_TOKEN uth-token uth-Token uthtoken UTHTOKEN'),
  ...keys('token', 'ion_token ionToken ION_TOKEN ion-token ion-Token sessiontoken'),
  ...keys('token', 'ity_token ityToken ITY_TOKEN ity-token ity-Token'),
  ...keys('token', 'ess_token essToken ESS_TOKEN ess-token esh_token eshToken ESH_TOKEN'),
  ...keys('token', 'api_token apiToken API_TOKEN ApiToken api-token ata-token ata_token ATA_TOKEN'),
  ...keys(
    'token',
    'srf_token srfToken srf-token srftoken RFToken rer_token rerToken id_token idToken IdToken',
  ),
  key('token', 'token', [
    ...['--token', '_token=', ' token=', '?token=', '&token=', '"token"', "'token'", 'token\\"', "token\\'"],
    ...['_token"', "_token'", '_token:', '_token\\', '-token:', '-token"', "-token'", '-token='],
  ]),
  key('token', 'TOKEN', [
    ...['_TOKEN=', ' TOKEN=', '2TOKEN=', '"TOKEN"', "'TOKEN'", '_TOKEN"', "_TOKEN'", '_TOKEN:'],
    ...['-TOKEN:', '-TOKEN"', "-TOKEN'", '-TOKEN='],
  ]),
  key('token', 'Token', ['-Token:', '-Token"', "-Token'", '-Token=', '"Token"', "'Token'"]),
  ...['token', 'Token', 'TOKEN'].map((word) =>
    key(
      'token',
      word,
      [`$${word} =`, `${word} = `, `${word}: `, `${word} '`, `${word} "`, `${word} is `],
      looksTelling,
    ),
  ),
  key('token', 'token', ['auth token ', 'ated token ', 'session token '], looksTelling),
  ...keys('token', 'JSESSIONID PHPSESSID NET_SessionId'),
  key('token', '_auth', [':_auth=', ' _auth = ']),
  key('token', 'auth', ['"auth": "', '"auth":"'], looksTelling),
  ...keys('signature', 'X-Amz-Signature x-amz-signature'),
  key('signature', 'Signature', ['&Signature=', '?Signature=', ' Signature=', ',Signature=']),
]

const KEY_OWNERS =
  'symmetric encryption signing master root shared preshared account service license auth cookie crypt cipher hmac sharedAccess subscription'

/** `signing_key`, `SIGNING_KEY`, `signing-key`, `signingKey`, `SigningKey`. */
const ownedKeys = KEY_OWNERS.split(' ').flatMap((owner) => {
  const pascal = `${owner[0]?.toUpperCase()}${owner.slice(1)}`
  return [
    `${owner}_key`,
    `${owner.toUpperCase()}_KEY`,
    `${owner}-key`,
    `${owner}Key`,
    `${pascal}Key`,
    `${pascal}-Key`,
  ]
})

const SECRETS: readonly SecretKey[] = [
  ...keys('aws-key', 'secret_access_key SecretAccessKey SECRET_ACCESS_KEY secretAccessKey secret-access-key'),
  ...keys('secret', 'secret_key SECRET_KEY secretKey SecretKey secret-key fernet_key FERNET_KEY'),
  ...keys('secret', 'SecretString secretString SecretBinary secret-string secret-binary'),
  ...keys('secret', 'client_secret CLIENT_SECRET clientSecret ClientSecret client-secret'),
  key('secret', 'secret', ['"secret"', "'secret'", '_secret"', "_secret'", '_secret:', 'secret=']),
  key('secret', 'SECRET', ['"SECRET"', "'SECRET'", '_SECRET"', "_SECRET'", '_SECRET:', 'SECRET=']),
  ...['secret', 'Secret'].map((word) =>
    key('secret', word, [`${word}: `, `${word} = `, `$${word} =`, `${word} '`, `${word} "`], looksTelling),
  ),
  key('secret', 'secret', ['--secret '], looksTelling),
  ...['ecret key', 'ecret Key', 'ecret access key', 'ecret Access Key', 'api key', 'API key', 'API Key'].map(
    (word) => key('secret', word, tails(word, [': ', ' is ', '=', ' : ', ' [']), looksTelling),
  ),
  ...keys('secret', 'api_key API_KEY api-key Api-Key API-Key'),
  ...['apiKey', 'ApiKey', 'apikey'].map((word) => key('secret', word, tails(word, [...'=:"\'\\']))),
  ...ownedKeys.map((word) => key('secret', word, [word], isNoName)),
  ...keys('secret', 'access_key ACCESS_KEY accessKey AccessKey access-key').map((each) => ({
    ...each,
    only: looksTelling,
  })),
  key('secret', 'credentials', ['_credentials=', "credentials='", 'credentials="'], looksTelling),
  ...['creds', 'CREDS'].map((word) =>
    key('secret', word, [`_${word}=`, `+ ${word}=`, `${word} = '`], isNoPlace),
  ),
  key('secret', 'cred', [", cred='", ', cred="'], isNoPlace),
  ...keys('private-key', 'private_key PRIVATE_KEY privateKey PrivateKey private-key'),
]

export const KEYS: readonly SecretKey[] = [...PASSWORDS, ...TOKENS, ...SECRETS]

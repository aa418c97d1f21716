const KEY = 'MIIEowIBAAKCAQEAz7Sq9Xk3LwPq0VtYcJrUe5oGh1nDb8fZm2sQy4KxWvTi6Na'
const BODY = `${KEY}\n${KEY.toLowerCase()}\nabcDEF123456789=`
const LINES = [
  'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAABFwAAAAdz',
  'QmFzZTY0Qm9keUxpbmVUd29XaXRoTWl4ZWRDYXNlMTIzNDU2Nzg5MEFCQ0RFRkdI',
  'abcDEF123456789=',
]
const [FIRST = '', SECOND = ''] = LINES
const ENCRYPTED = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AB\n\n'

/** A key, each line of which has this before it. */
const led = (lead: string, head = ''): string =>
  `-----BEGIN RSA PRIVATE KEY-----\n${head}${LINES.map((line) => `⟦${line}⟧\n`).join('')}-----END RSA PRIVATE KEY-----\nok`
    .split('\n')
    .map((line) => `${lead}${line}\n`)
    .join('')

/** Secrets that stand on several lines, or that a cut takes from their keys; what must not be shown is between ⟦ and ⟧. */
export const SPLIT_SECRETS: Readonly<Record<string, string>> = {
  'a quote that closes two lines on':
    '"AdminPassword" : "⟦Zq9Canaryseven\nmiddle-Canary7\nend-Canary8⟧",\n"user": "x"\n',
  'an assignment over lines': "+ PASSWORD='⟦Zq9Canaryseven\nmiddle-Canary7\nend-Canary8⟧'\n+ true\n",
  'a value below its key': '{\n"AdminPassword" :\n"⟦Zq9Canaryseven⟧"\n}\n',
  'a value below the bracket below its key': '{\n"AdminPassword":\n[\n"⟦Zq9Canaryseven⟧"\n]\n}\n',
  'a value below its quote': '{\n"AdminPassword": "\n⟦Zq9Canaryseven⟧\n"\n}\n',
  'a value below the quote below its key': '{\n"SecretString":\n"\n⟦Zq9Canaryseven⟧"\n}\n',
  'a value of another member':
    '{\n"Name": "DB_PASSWORD",\n"Type": "String",\n"Value": "⟦Zq9Canaryseven⟧"\n}\n',
  'a value in elements': '<AdministratorPassword>\n<Value>\n⟦Zq9Canaryseven⟧\n</Value>\n',
  'a secret in JSON': '{"ARN": "x", "SecretString": "⟦Zq9Canaryseven⟧", "V": 1}\nok\n',
  'a secret in JSON in JSON':
    '"SecretString": "{\\"user\\":\\"a\\",\\"password\\":\\"⟦Zq9Canaryseven⟧\\"}"\nok\n',
  'a secret in JSON of several lines': '{\n    "ARN": "x",\n    "SecretString": "⟦Zq9Canaryseven⟧"\n}\n',
  'a password below its prompt': 'x\nPassword for admin: \n⟦Zq9Canaryseven⟧\nok\n',
  'a list of passwords':
    "Set the following 'random' passwords\nubuntu:⟦Zq9Canaryseven⟧\nann:⟦Fj2Otherhorse⟧\nok\n",
  'a private key': `-----BEGIN RSA PRIVATE KEY-----\n⟦${BODY}⟧\n-----END RSA PRIVATE KEY-----\nok\n`,
  'an encrypted key': `x: -----BEGIN RSA PRIVATE KEY-----\n${ENCRYPTED}⟦${BODY}⟧\n-----END RSA PRIVATE KEY-----\n`,
  'a key in a trace': `+ KEY='-----BEGIN PRIVATE KEY-----\n⟦${BODY}⟧\n-----END PRIVATE KEY-----'\n+ true\n`,
  'a key in JSON': `{"SecretString": "-----BEGIN PRIVATE KEY-----\\n⟦${FIRST}⟧\\n⟦${SECOND}⟧\\n-----END PRIVATE KEY-----\\n"}\nok\n`,
  'two keys': `-----BEGIN EC PRIVATE KEY-----\n⟦${FIRST}\n${SECOND}⟧\n-----END EC PRIVATE KEY-----\n-----BEGIN PRIVATE KEY-----\n⟦${BODY}⟧\n-----END PRIVATE KEY-----\n`,
  'a key with lines of others': `-----BEGIN EC PRIVATE KEY-----\n⟦${FIRST}⟧\n+ true\n⟦${SECOND}⟧\n-----END EC PRIVATE KEY-----\n`,
  'a key with times': led('2024-05-06 07:08:09,091 [INFO] '),
  'a key in the log of DCV': led('2024-05-06 07:08:09,098761 [ 12:12 ] INFO agent - '),
  'a key with levels': led('INFO: '),
  'an encrypted key with times': led('2024-05-06 07:08:09,091 [INFO] ', ENCRYPTED),
  'an encrypted key behind a word': led('remote: ', ENCRYPTED),
  'an indented key': led('    '),
  'a key with carriage returns': led('').replaceAll('\n', '\r\n'),
  'what a command reads': '+ chpasswd\njdoe:⟦Zq9Canaryseven⟧\nann:⟦Fj2Otherhorse⟧\n+ true\n',
  'a word for a command': '+ kinit Admin\n+ tr -d x\n+ echo ⟦Zq9Canaryseven⟧\n',
}

/** The text without its marks. */
export const unmarked = (marked: string): string => marked.replace(/[⟦⟧]/g, '')

/** Pieces of six characters of the secrets that the output shows. */
export function leaks(output: string, marked: string): string[] {
  const secrets = [...marked.matchAll(/⟦([^⟧]*)⟧/g)].flatMap((secret) => (secret[1] ?? '').split(/\r?\n/))
  return secrets.flatMap((secret) =>
    Array.from({ length: Math.max(secret.length - 5, 0) }, (_, at) => secret.slice(at, at + 6)).filter(
      (piece) => output.includes(piece),
    ),
  )
}

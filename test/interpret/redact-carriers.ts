import fc from 'fast-check'

/** One way in which logs print a secret: the text around it and how the value is written there. */
export type Carrier = {
  readonly name: string
  readonly kind: string
  readonly values: fc.Arbitrary<string>
  /** Gives [what stands before, the value as written, what stands behind]. */
  readonly print: (value: string) => readonly [string, string, string]
  /** The value stands before its key, or has none: a cut inside the value cannot be told. */
  readonly keyless?: true
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const ALNUM = `${LOWER}${LOWER.toUpperCase()}0123456789`
const SIGNS = '!#%()*+,-./:;<=>?@[]^_{|}~&$'

const of = (alphabet: string): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...alphabet), { minLength: 8, maxLength: 40 }).map((letters) => letters.join(''))

const lower = of(LOWER)
const alnum = of(ALNUM)
const base64 = of(`${ALNUM}+/`).map((value) => `${value}==`)
const base64url = of(`${ALNUM}-_`)
const signs = of(ALNUM + SIGNS)
const hard = of(`${ALNUM}${SIGNS}'"\\ \``)
const unicode = of(`${ALNUM}éß漢я🙂 '`)
// Signs of shells and programs that a bare word cannot have, or cannot begin with.
const word = fc
  .oneof(lower, alnum, base64url, base64, of(`${ALNUM}!%+./:@^_~-`))
  .filter((v) => /^[A-Za-z0-9]/.test(v))
const any = fc.oneof(lower, alnum, base64, base64url, signs, hard, unicode)

const shell = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`
const json = (value: unknown): string => JSON.stringify(value)
const python = (value: string): string => {
  const escaped = value.replaceAll('\\', '\\\\')
  return value.includes("'") && !value.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`
}
const xml = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Splits a printed text at a stand-in, which took the way through all layers of quoting. */
function around(value: string, layers: (value: string) => string): readonly [string, string, string] {
  const whole = layers(value)
  const frame = layers('STANDIN').split('STANDIN')
  const [front = '', back = ''] = [frame[0], frame.at(-1)]
  const end = whole.length - back.length
  return [whole.slice(0, front.length), whole.slice(front.length, end), whole.slice(end)]
}

const carrier = (
  name: string,
  kind: string,
  values: fc.Arbitrary<string>,
  layers: (value: string) => string,
): Carrier => ({ name, kind, values, print: (value) => around(value, layers) })

export const CARRIERS: readonly Carrier[] = [
  carrier(
    'xtrace assignment',
    'password',
    any,
    (v) => `++ cat x\n+ DS_DOMAIN_ADMIN_PASSWORD=${shell(v)}\n+ true`,
  ),
  carrier('xtrace bare', 'password', word, (v) => `+ DS_DOMAIN_ADMIN_PASSWORD=${v}\n++ command -v realm`),
  carrier('xtrace local', 'password', any, (v) => `+ local ldap_password=${shell(v)}`),
  carrier('export', 'password', any, (v) => `export PGPASSWORD=${shell(v)}; psql -h db`),
  carrier('short key', 'password', any, (v) => `+ DB_PASS=${shell(v)}`),
  carrier(
    'xtrace json',
    'password',
    any,
    (v) => `+ LDAP_CONFIG=${shell(json({ LdapBase: 'dc=x', DSDomainAdminPassword: v, n: 1 }))}`,
  ),
  carrier('echo json', 'password', any, (v) => `++ echo ${shell(json({ username: 'admin', password: v }))}`),
  carrier('secret string', 'secret', any, (v) =>
    json({ Name: 'soca', SecretString: json({ user: 'a', word: v }), V: ['x'] }),
  ),
  carrier(
    'json',
    'password',
    any,
    (v) => `[INFO] got ${json({ user: 'a', password: v, next: 'b' })} from db`,
  ),
  carrier('json, lines', 'password', any, (v) =>
    JSON.stringify({ user: 'a', Passwd: v, next: ['b'] }, null, 2),
  ),
  carrier(
    'json, value on its own line',
    'password',
    any,
    (v) => `{\n  "password":\n    ${json(v)},\n  "x": 1\n}`,
  ),
  carrier('json in json', 'password', any, (v) => json({ body: json({ password: v, z: 1 }), id: 7 })),
  carrier('json in json in json', 'token', any, (v) =>
    json({ a: json({ b: json({ authToken: v, z: 1 }) }) }),
  ),
  carrier('repr of json', 'password', any, (v) => `body=${python(json({ password: v, z: '1' }))} done`),
  carrier('repr of json in json', 'password', any, (v) => `${python(json({ b: json({ password: v }) }))}`),
  carrier(
    'python dict',
    'token',
    any,
    (v) =>
      `Detected {'sessionId': 'x', 'authenticationToken': ${python(v)}, 'clientAddress': '10.0.0.38:2098'} and remote_addr 10.0.1.2`,
  ),
  carrier('python bytes', 'token', alnum, (v) => `{'dcv_authentication_token': b'${v}', 'k': u'x'}`),
  carrier(
    'python unicode',
    'password',
    any,
    (v) => `{u'session_local_admin_password': u${python(v)}, u'k': 1}`,
  ),
  carrier(
    'python tuple',
    'password',
    any,
    (v) => `ImmutableMultiDict([('user', 'a'), ('password', ${python(v)})])`,
  ),
  carrier('python list in dict', 'token', any, (v) => `{'session_token': [${python(v)}], 'k': ['x']}`),
  carrier(
    'python arguments',
    'password',
    any,
    (v) => `Command '['net', 'ads', '--password', ${python(v)}, '-x']' returned 1`,
  ),
  carrier(
    'python call',
    'password',
    any.filter((v) => !v.startsWith('$')),
    (v) => `connect(host='h', password=${python(v)}, port=1)`,
  ),
  carrier(
    'url token',
    'token',
    any,
    (v) =>
      `open https://lb/ip-10-0-0-1/?authToken=${encodeURIComponent(v).replaceAll("'", '%27')}#79e5feb7-b36d now`,
  ),
  carrier(
    'signed url',
    'token',
    any,
    (v) =>
      `GET "https://b.s3/x?X-Amz-Security-Token=${encodeURIComponent(v).replaceAll("'", '%27')}&X-Amz-Expires=60"`,
  ),
  carrier('signature', 'signature', alnum, (v) => `https://b.s3/x?X-Amz-Date=1&X-Amz-Signature=${v}`),
  carrier(
    'registry',
    'password',
    any,
    (v) => `web-url-path    : /ip-10\nDefaultPassword : ${v.trim()}x\nPSPath          : C`,
  ),
  carrier('net user', 'password', word, (v) => `2021-08-13 19:54:58Z: x\nnet user mickael ${v} /add`),
  carrier(
    'net user quoted',
    'password',
    of(`${ALNUM}!# `),
    (v) => `PS C:\\Windows> net user "my user" "${v}"`,
  ),
  carrier(
    'secure string',
    'password',
    of(`${ALNUM}!#%& `),
    (v) => `$p = ConvertTo-SecureString "${v}" -AsPlainText -Force`,
  ),
  carrier(
    'secure string, flags first',
    'password',
    of(`${ALNUM}!#%& `),
    (v) => `ConvertTo-SecureString -AsPlainText -Force -String '${v}'`,
  ),
  {
    ...carrier(
      'secure string, piped',
      'password',
      of(`${ALNUM}!#%& `),
      (v) => `"${v}" | ConvertTo-SecureString -AsPlainText`,
    ),
    keyless: true,
  },
  carrier(
    'registry write',
    'password',
    of(`${ALNUM}!#%& `),
    (v) => `Set-ItemProperty $RegPath "DefaultPassword" -Value "${v}" -type String`,
  ),
  carrier('secret key', 'aws-key', base64, (v) => `aws_access_key_id = x\naws_secret_access_key = ${v}\n`),
  carrier(
    'secret key json',
    'aws-key',
    base64,
    (v) => `{"Credentials": {"SecretAccessKey": "${v}", "Expiration": "2021"}}`,
  ),
  carrier('session token', 'token', base64, (v) => `export AWS_SESSION_TOKEN=${v}`),
  carrier(
    'metadata token',
    'token',
    base64,
    (v) => `+ curl -s -H 'X-aws-ec2-metadata-token: ${v}' http://169.254.169.254/latest`,
  ),
  carrier('bearer', 'token', base64url, (v) => `> Authorization: Bearer ${v}\n> Accept: *`),
  carrier(
    'basic in a dict',
    'token',
    base64,
    (v) => `headers={'Authorization': 'Basic ${v}', 'Accept': '*'}`,
  ),
  carrier('jwt', 'jwt', base64url, (v) => `got eyJhbGciOiJIUzI1NiJ9.eyJ${v}.${v} ok`),
  carrier('fernet', 'token', base64url, (v) => `decrypt b'gAAAAAB${v}==' due to`),
  carrier(
    'access key',
    'aws-key',
    fc
      .constantFrom('AKIA', 'ASIA')
      .chain((p) =>
        fc
          .array(fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'), { minLength: 16, maxLength: 16 })
          .map((l) => p + l.join('')),
      ),
    (v) => `credential ${v}/2021/us-west-2`,
  ),
  carrier(
    'private key',
    'private-key',
    base64,
    (v) => `x\n-----BEGIN RSA PRIVATE KEY-----\n${v}\n${v}\n-----END RSA PRIVATE KEY-----\ny`,
  ),
  carrier(
    'private key, cut',
    'private-key',
    base64,
    (v) => `x\n-----BEGIN OPENSSH PRIVATE KEY-----\n${v}\n${v}`,
  ),
  carrier('private key in json', 'private-key', base64, (v) =>
    json({ pem: `-----BEGIN PRIVATE KEY-----\n${v}\n-----END PRIVATE KEY-----\n`, n: 1 }),
  ),
  carrier('sssd', 'password', word, (v) => `ldap_default_bind_dn = cn=x\nldap_default_authtok = ${v}\n`),
  carrier('ldap.conf', 'password', word, (v) => `binddn cn=x\nbindpw ${v}\n`),
  carrier('ldap command', 'password', any, (v) => `+ ldapsearch -x -D cn=admin,dc=x -w ${shell(v)} -b dc=x`),
  carrier('ini', 'password', word, (v) => `user=a\npassword=${v}\n`),
  carrier('lower colon', 'password', word, (v) => `passwd: ${v}`),
  carrier('yaml', 'password', any, (v) => `  user: a\n  adminPassword: ${json(v)}\n`),
  carrier(
    'url credentials',
    'url-credentials',
    any,
    (v) => `postgresql://soca:${encodeURIComponent(v).replaceAll("'", '%27')}@db.local:5432/soca`,
  ),
  carrier(
    'proxy credentials',
    'url-credentials',
    word.map((v) => v.replaceAll(/[/@]/g, '')),
    (v) => `https_proxy=http://user:${v}x@proxy:3128`,
  ),
  carrier('curl', 'password', any, (v) => `+ curl -sk -u ${shell(`admin:${v}`)} https://host:8443/api`),
  carrier(
    'cifs',
    'password',
    of(`${ALNUM}!#%`),
    (v) => `+ mount -t cifs -o username=a,password=${v},uid=0 //h/s /mnt`,
  ),
  carrier('flag', 'password', any, (v) => `+ tool --user a --password ${shell(v)} --verbose`),
  carrier('flag with equals', 'password', any, (v) => `+ tool --admin-password=${shell(v)} --verbose`),
  carrier(
    'xml',
    'password',
    any,
    (v) => `<AutoLogon><Password><Value>${xml(v)}</Value></Password></AutoLogon>`,
  ),
  carrier('ssm', 'secret', any, (v) =>
    json({ Parameter: { Name: '/soca/db', Type: 'SecureString', Value: v, Version: 1 } }),
  ),
  carrier('ssm by name', 'password', any, (v) =>
    json([{ Name: '/soca/db/password', Type: 'String', Value: v }]),
  ),
  carrier('ssm text', 'secret', alnum, (v) => `PARAMETERS\tarn\ttext\t2021\t/soca/x\tSecureString\t${v}\t1`),
  carrier('stack parameter', 'password', any, (v) =>
    json([{ ParameterKey: 'AdminPassword', ParameterValue: v }]),
  ),
  carrier(
    'nested shell',
    'password',
    any.filter((v) => !v.includes("'")),
    (v) => `+ bash -c ${shell(`PASSWORD=${shell(v)} run`)}`,
  ),
  carrier('html', 'password', alnum, (v) => `{&quot;password&quot;: &quot;${v}&quot;, &quot;x&quot;: 1}`),
  carrier('sed', 'password', alnum, (v) => `+ sed -i 's/%LDAP_PASSWORD%/${v}/g' /etc/sssd/sssd.conf`),
  carrier('cookie', 'token', base64url, (v) => `< Set-Cookie: session=${v}; HttpOnly; Path=/`),
  {
    ...carrier(
      'echo to join',
      'password',
      alnum.map((v) => `aB3!${v}`),
      (v) => `+ echo ${shell(v)}\n+ /sbin/realm join --user Admin CORP`,
    ),
    keyless: true,
  },
]

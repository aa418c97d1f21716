import { describe, expect, it } from 'vitest'
import { leadsToSecret, redact, SECRET_NEEDLES, secretSpans } from '../../src/interpret/redact.ts'

// A line each, the secret between ⟦ and ⟧.
const MASKED: Readonly<Record<string, readonly string[]>> = {
  password: [
    "+ DS_DOMAIN_ADMIN_PASSWORD='⟦Made-Up Secret!1⟧'",
    '+ DS_DOMAIN_ADMIN_PASSWORD=⟦q7RkLm2Xv9Tb4Wn8Yc1Zd5P⟧',
    "+ DS_DOMAIN_ADMIN_PASSWORD='⟦it'\\''s \"mine\"⟧'",
    "+ echo '⟦Made-Up-Secret!1⟧'",
    '+ echo -n ⟦q7RkLm2Xv9Tb4Wn8Yc1Zd5P⟧',
    '+ echo ⟦plainword⟧\n+ /sbin/realm join --user Admin CORP.EXAMPLE.COM',
    '+ LDAP_CONFIG=\'{"LdapBase": "dc=soca,dc=local", "LdapPassword": "⟦x\\"y z⟧", "n": 1}\'',
    '++ echo \'{"username": "admin", "password": "⟦hunter2⟧"}\'',
    '{\\"username\\": \\"admin\\", \\"password\\": \\"⟦a\\\\\\"b⟧\\", \\"x\\": 1}',
    "{'session_local_admin_password': u'⟦hunter2⟧', 'user': 'x'}",
    '{"password": ⟦12345678⟧, "x": 1}',
    '{\n  "user": "x",\n  "password":\n    "⟦hunter2⟧"\n}',
    'DefaultPassword : ⟦Made Up Local!1⟧',
    '    DefaultPassword    REG_SZ    ⟦hunter2⟧',
    'reg add HKLM\\Winlogon /v DefaultPassword /t REG_SZ /d "⟦hunter2⟧" /f',
    '2021/08/13 19:55:11Z: x\nnet user mickael ⟦hunter2⟧ /add',
    'PS C:\\Users\\x> net user "my user" "⟦hunter 2⟧"',
    '$p = ConvertTo-SecureString "⟦hunter 2⟧" -AsPlainText -Force',
    "ConvertTo-SecureString -String '⟦hunter2⟧' -AsPlainText",
    '"⟦hunter2⟧" | ConvertTo-SecureString -AsPlainText -Force',
    'ldap_default_authtok = ⟦hunter2⟧',
    'bindpw ⟦hunter2⟧',
    "+ ldapadd -x -D cn=admin,dc=soca,dc=local -w '⟦hunter 2⟧' -y /root/OpenLdapAdminPassword.txt",
    'password=⟦hunter2⟧ user=x',
    'PASSWORD="⟦hunter 2⟧"',
    "Passwd='⟦hunter2⟧'",
    'passwd: ⟦hunter2⟧',
    'adminPassword: ⟦my pass phrase⟧',
    'Created the account, temporary password: ⟦Xy12!abc⟧ (change it)',
    'host=db;Password=⟦ab;c!d⟧;Database=soca',
    '+ mount -t cifs -o username=x,password=⟦a%b⟧,uid=0 //h/s /mnt',
    "+ curl -sk -u 'admin:⟦hunter 2⟧' https://host:8443/api",
    'curl --user admin:⟦hunter2⟧ host/api',
    "returned by ['net', 'join', '--password', '⟦hunter2⟧', '-x']",
    '+ tool --admin-password ⟦hunter2⟧ --verbose',
    "ImmutableMultiDict([('user', 'x'), ('password', '⟦hunter2⟧')])",
    '<AdministratorPassword><Value>⟦hunter2⟧</Value></AdministratorPassword>',
    '[{"ParameterKey": "AdminPassword", "ParameterValue": "⟦hunter2⟧"}]',
    "+ sed -i 's/%LDAP_PASSWORD%/⟦hunter2⟧/g' /etc/sssd/sssd.conf",
    "+ bash -c 'PASSWORD='\\''⟦hunter 2⟧'\\'' run'",
    '&quot;password&quot;: &quot;⟦hunter2⟧&quot;, x',
    'machine h login me password ⟦hunter2⟧',
    'userPassword:: ⟦aHVudGVyMg==⟧',
    '+ sshpass -p ⟦hunter2⟧ ssh x',
    'openssl rsa -passin pass:⟦hunter2⟧ -in k.pem',
  ],
  token: [
    'https://lb.example.com/ip-10-0-0-1/?authToken=⟦Z0FBQUFBQmhGc0lu%3D⟧#79e5feb7-b36d',
    "Detected {'sessionId': '79e5', 'authenticationToken': '⟦bm90IGEgdG9rZW4=⟧', 'clientAddress': '10.0.0.38:2098'}",
    "{'dcv_authentication_token': b'⟦abcdef⟧', 'session_token': '⟦79e5feb7-b36d-48f4⟧'}",
    "Unable to decrypt b'⟦gAAAAABhFsInVENEVEDT0tFTg==⟧' due to ",
    'aws_session_token = ⟦IQoJb3JpZ2luX2VjEJr//x==⟧',
    'GET https://b.s3/x?X-Amz-Security-Token=⟦IQoJb3JpZ2lu⟧&X-Amz-Expires=3600',
    '> Authorization: Bearer ⟦abcdefgh⟧',
    "{'Authorization': 'Basic ⟦dXNlcjpwYXNz⟧', 'Accept': '*'}",
    'sent Bearer ⟦mF_9.B5f-4.1JqM⟧ to x',
    "+ curl -H 'X-aws-ec2-metadata-token: ⟦AQAEAHfnLO==⟧' http://169.254.169.254/latest",
    '< Set-Cookie: session=⟦abc.def⟧; HttpOnly; Path=/',
  ],
  signature: ['https://b.s3/x?X-Amz-Date=1&X-Amz-Signature=⟦0123abcd⟧&x=1'],
  jwt: ['token eyJ is none, ⟦eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl⟧ is one'],
  'aws-key': [
    'credential ⟦AKIAMADEUPMADEUP1234⟧/20210813/us-west-2',
    'key\\n⟦ASIAMADEUPMADEUP1234⟧\\n',
    'aws_secret_access_key = ⟦madeUp/MadeUp+madeUpMadeUpmadeUpMadeUp12⟧',
    '⟦AKIAMADEUPMADEUP1234⟧,⟦madeUp/MadeUp+madeUpMadeUpmadeUpMadeUp12⟧',
  ],
  'private-key': [
    'a\n-----BEGIN RSA PRIVATE KEY-----\n⟦MIIEow\nabc=⟧\n-----END RSA PRIVATE KEY-----\nb',
    '-----BEGIN OPENSSH PRIVATE KEY-----\n⟦b3BlbnNz\naC1rZXk⟧',
    '"-----BEGIN PRIVATE KEY-----\\n⟦MIIEow\\nabc=⟧\\n-----END PRIVATE KEY-----\\n"',
  ],
  'url-credentials': [
    'postgresql://soca:⟦p@ssw0rd⟧@db.local:5432/soca',
    'https_proxy=http://user:⟦hunter2⟧@proxy:3128',
    'redis://:⟦hunter2⟧@cache:6379/0',
    'git clone https://⟦abcdefghij0123456789⟧@github.com/x/y',
  ],
  secret: [
    '{"Name": "soca", "SecretString": "⟦{\\"user\\":\\"x\\"}⟧", "VersionStages": ["A"]}',
    '{"Name": "/soca/db", "Type": "SecureString", "Value": "⟦hunter2⟧", "Version": 1}',
    "SECRET_KEY = '⟦hunter2⟧'",
    'x-api-key: ⟦0123456789abcdef⟧',
    "client_secret='⟦hunter2⟧'",
  ],
}

const PLAIN = [
  'Password for Admin: ',
  'Password for Admin:  * Resolving: _ldap._tcp.corp.example.com',
  '[sudo] password for mickael: ',
  'Enter new UNIX password: Retype new UNIX password: passwd: password updated successfully',
  'BAD PASSWORD: The password is shorter than 8 characters',
  'Failed password for root from 10.0.0.1 port 22 ssh2',
  'error: wrong password, try again',
  'passwd: files sss',
  'passwd:     files systemd',
  'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=10.0.0.1',
  'pam_unix(passwd:chauthtok): password changed for root',
  'passwd: all authentication tokens updated successfully.',
  'cat: /etc/passwd: Permission denied',
  '/etc/passwd:root:x:0:0:root:/root:/bin/bash',
  'password    sufficient    pam_unix.so sha512 shadow try_first_pass use_authtok',
  '/etc/pam.d/password-auth is not a symbolic link',
  'PasswordAuthentication no',
  'PasswordNeverExpires : True',
  'Password required            Yes',
  'ldap_default_authtok_type = password',
  'krb5_store_password_if_offline = True',
  '  Installing : passwd-0.79-6.amzn2.x86_64        1/412',
  'checking for getpass... yes',
  '%wheel ALL=(ALL) NOPASSWD: ALL',
  'adcli join --verbose --domain corp.example.com --login-user Admin --stdin-password corp.example.com',
  '++ grep -oP \'"DSDomainAdminPassword": \\"(.*?)\\"\'',
  '++ sed \'s/"DSDomainAdminPassword": //g\'',
  '++ /bin/aws secretsmanager get-secret-value --secret-id soca-prod --query SecretString --output text',
  'Timed out waiting for secret soca-prod from secrets manager',
  '"SecretArn": "arn:aws:secretsmanager:us-west-2:123456789012:secret:soca-AbCdEf"',
  '{"secret": "arn:aws:secretsmanager:us-west-2:123456789012:secret:soca-AbCdEf"}',
  'PASSWORD=$PASSWORD',
  'PASSWORD="${PASS}"',
  'tool --password $PASSWORD --token "$TOKEN"',
  'Set-ItemProperty $RegPath "DefaultPassword" -Value $cred.Password -type String',
  'net user mickael $pass /add',
  'net user mickael /active:yes',
  "+ echo 'SOCA > net user on ip-10-0-0-1'",
  'password = os.environ["LDAP_PASSWORD"]',
  '    connect(user=user, password=password)',
  '    return self.login(token=self.token)',
  'password=',
  "password=''",
  '{"password": null, "token": "", "secret": {}}',
  'password: ***',
  '"password": "<redacted>"',
  'password=«redacted:password»',
  'Authorization: Bearer «redacted:token»',
  "KeyError: 'password'",
  "syntax error near unexpected token `)'",
  'PasswordHash file missing',
  'auth-token-verifier="https://ip-10-0-140-20.us-west-2.compute.internal:8443/api/dcv/authenticator"',
  'error in the auth token verifier: Error performing TLS',
  '{"nextToken": "abcdefghijklmnop"}',
  "+ echo 'Realm join didn'\\''t complete successfully. Retrying in 17 seconds... Loop count is: 0/10'",
  '+ echo LinuxDesktop1',
  '++ echo corp.example.com',
  "+ echo 'Completed!'",
  '+ SOCA_DCV_SESSION_ID=79e5feb7-b36d-48f4-b630-42753788d375',
  'GET https://ip-10-0-0-1:8443/x?mail=a@b.c HTTP/1.1',
  'http://169.254.169.254/latest/meta-data/instance-id',
  'git@github.com:x/y.git',
  'REGION=ASIA PACIFIC',
  '-----BEGIN CERTIFICATE-----\nMIIDdz\n-----END CERTIFICATE-----',
  'ldapsearch -x -H ldap://h:389 -b dc=soca,dc=local -s sub',
  'docker run --user 1000:1000 x',
  'systemctl --user start pulseaudio',
]

const bare = (marked: string): string => marked.replaceAll(/[⟦⟧]/g, '')

describe('secrets are masked', () => {
  const cases = Object.entries(MASKED).flatMap(([kind, lines]) => lines.map((line) => [kind, line] as const))

  it.each(cases)('%s: %s', (kind, marked) => {
    expect(redact(bare(marked))).toBe(marked.replaceAll(/⟦[^⟧]*⟧/g, `«redacted:${kind}»`))
    expect(SECRET_NEEDLES.some((needle) => bare(marked).includes(needle))).toBe(true)
  })
})

describe('what is no secret stays readable', () => {
  it.each(PLAIN)('%s', (line) => {
    expect(redact(line)).toBe(line)
  })
})

describe('spans', () => {
  it('cover the value only, in order', () => {
    const text = "a password='x y' b token=abc"
    expect(secretSpans(text).map(({ begin, end, kind }) => [text.slice(begin, end), kind])).toEqual([
      ['x y', 'password'],
      ['abc', 'token'],
    ])
  })

  it('join where one lies in another', () => {
    expect(redact("password='token=abc eyJhbGciOiJIUzI1NiJ9' x")).toBe("password='«redacted:password»' x")
  })
})

describe('a record flushed by time', () => {
  it('goes on masked when the value was cut', () => {
    const before = "+ DS_DOMAIN_ADMIN_PASSWORD='Made-Up"
    expect(redact(before)).toBe("+ DS_DOMAIN_ADMIN_PASSWORD='«redacted:password»")
    expect(redact("-Secret!1'\n+ echo ok", before)).toBe("«redacted:password»'\n+ echo ok")
  })

  it('goes on masked when the name of the key was cut', () => {
    expect(redact("WORD='hunter2' x", '+ LDAP_PASS')).toBe("WORD='«redacted:password»' x")
  })

  it('goes on masked within a private key', () => {
    expect(redact('MIIE\nabc\n-----END RSA PRIVATE KEY-----', '-----BEGIN RSA PRIVATE KEY-----\nMI')).toBe(
      '«redacted:private-key»\n-----END RSA PRIVATE KEY-----',
    )
  })

  it('is not masked for a secret that ended before', () => {
    expect(redact(' is x', "password='hunter2'")).toBe(' is x')
  })
})

describe('needles', () => {
  it('are distinct, and few are shorter than the prefilter likes', () => {
    expect(new Set(SECRET_NEEDLES).size).toBe(SECRET_NEEDLES.length)
    expect(SECRET_NEEDLES.filter((needle) => needle.length < 7)).toEqual(['AKIA', 'ASIA'])
  })
})

describe('hostile lines cost time in proportion to their length', () => {
  const units = [
    'password=',
    'password="',
    "password='\n",
    'password: a ',
    '%22password%22:%22',
    'curl -u "',
    '\\"token\\":\\"',
    '-passwd =a,',
    '"password":["a",',
    'https://a:b',
    'eyJ-',
    '-----BEGIN RSA PRIVATE KEY-----',
    'password=«redacted:token»a ',
    '+ echo a\n',
    'login a password ',
    'curl -s ',
    '--user a ',
    'curl -u x',
    'mysql -p-',
  ]
  const cost = (text: string, work: (text: string) => void = redact): number => {
    const from = process.cpuUsage()
    work(text)
    const { user, system } = process.cpuUsage(from)
    return (user + system) / 1000
  }

  it.each(units)('%j, 1 MiB', (unit) => {
    expect(cost(unit.repeat(2 ** 20 / unit.length))).toBeLessThan(10_000)
  })

  // A row is looked at needle by needle until one leads to a secret.
  const askAll = (text: string): void => {
    const asked = SECRET_NEEDLES.flatMap((needle, index) =>
      [...text.matchAll(new RegExp(needle.replace(/[^\w]/g, '\\$&'), 'g'))].map(
        (hit) => [hit.index, index] as const,
      ),
    )
    asked.sort(([a], [b]) => a - b).some(([at, index]) => leadsToSecret(text, index, at))
  }

  it.each(units)('%j, 256 KiB, asked needle by needle', (unit) => {
    expect(cost(unit.repeat(2 ** 18 / unit.length), askAll)).toBeLessThan(5_000)
  })

  it.each(['"', "'", '\\', ' ', 'a', '='])('a key before 1 MiB of %j', (filler) => {
    expect(cost(`password=${filler.repeat(2 ** 20)}`)).toBeLessThan(2_000)
    expect(cost(`"password":${filler.repeat(2 ** 20)}`)).toBeLessThan(2_000)
  })
})

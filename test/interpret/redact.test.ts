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
    "+ echo '⟦hunter 2⟧' | realm join --user=Admin corp.local",
    '+ echo ⟦hunter2⟧ | sudo /usr/bin/passwd --stdin root',
    'echo "⟦hunter2⟧" | docker login --username AWS --password-stdin h',
    '+ echo jdoe:⟦hunter2⟧ | chpasswd',
    "chpasswd <<< 'jdoe:⟦hunter 2⟧'",
    '+ kinit admin@CORP.LOCAL <<< ⟦hunter2⟧',
    '+ openssl passwd -6 ⟦hunter2⟧',
    '+ openssl passwd -1 -salt xyz ⟦hunter2⟧',
    '+ openssl enc -aes-256-cbc -k ⟦hunter2⟧ -in x',
    '+ htpasswd -bc /etc/nginx/.htpasswd admin ⟦hunter2⟧',
    '+ htpasswd -nb admin ⟦hunter2⟧',
    'Option ldap_default_authtok has value ⟦my pass phrase⟧',
    "Set-LocalUser : Unable to update the password '⟦hunter2⟧'.",
    'Resetting password of Administrator to ⟦Canary9x!⟧',
    "Password for 'jdoe' set to '⟦hunter2⟧'",
    'A temporary password is generated for root@localhost: ⟦aB3!kd9_kLs⟧',
    "ALTER USER soca WITH PASSWORD '⟦hunter2⟧';",
    "CREATE USER 'x'@'%' IDENTIFIED BY '⟦hunter2⟧'",
    "$user.SetPassword('⟦hunter2⟧')",
    'BIND arg [⟦hunter 2⟧] to param [Password] SUCCESSFUL',
    '>> ParameterBinding(Set-LocalUser): name="Password"; value="⟦hunter2⟧"',
    '[System.Net.NetworkCredential]::new("user","⟦hunter2⟧")',
    "PROPERTY CHANGE: Adding PASSWORD property. Its value is '⟦hunter2⟧'.",
    '&lt;Password&gt;⟦hunter2⟧&lt;/Password&gt;',
    '<password value="⟦hunter2⟧"/>',
    'net use Z: \\\\host\\share ⟦hunter2⟧ /user:CORP\\jdoe',
    'net use \\\\host\\share /user:CORP\\jdoe "⟦hunter 2⟧"',
    'cmdkey /add:host /user:jdoe /pass:⟦hunter2⟧',
    'netdom join h /domain:corp /userd:admin /PasswordD:⟦hunter2⟧',
    "subprocess.CalledProcessError: Command '['ldapsearch', '-x', '-w', '⟦hunter 2⟧']' returned",
    "Command '['mysql', '-u', 'root', '-p⟦hunter2⟧']' returned",
    '+ net rpc join -U Admin%⟦hunter2⟧',
    '+ samba-tool user create jdoe ⟦hunter2⟧',
    '+ docker login -u AWS -p ⟦hunter2⟧ h',
    '+ redis-cli -h h --pass ⟦hunter2⟧ ping',
    'requirepass ⟦hunter2⟧',
    "conn.simple_bind_s('cn=admin,dc=x', '⟦hunter2⟧')",
    'Server=h;Uid=x;Pwd=⟦hunter2⟧;Database=d',
    '//h/s /m cifs username=x,password=⟦hunter2⟧,uid=0 0 0',
    '+ mount -t cifs //h/s /m -o user=x,pass=⟦hunter2⟧,dom=CORP',
    '+ SAMBA_PASS=⟦hunter2⟧',
    '$adminPw = "⟦hunter2⟧"',
    '{"pass":"⟦hunter2⟧"}',
    "+ sed -i 's|__PASSWORD__|⟦hunter2⟧|' f",
    '+ expect -c \'spawn passwd; send "⟦hunter2\\r⟧"\'',
  ],
  'password-hash': [
    'root:⟦x$8sdfhk⟧:18000:0:99999:7:::',
    'useradd $6$⟦abc$7Fm3gSd9OskQ5qsdfsdf.sdfsdfsd/dsfsdf⟧',
    '{SSHA}⟦7Fm3gSd9OskQ5qsdfsdfsdfsdfsdf==⟧',
    'pbkdf2:sha256:150000$⟦abc$0123456789abcdef0123⟧',
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
    "{'set-cookie': 'AWSALB=⟦abcdef⟧; Path=/'}",
    "+ curl -b 'session=⟦abcdef⟧' https://x",
    "+ curl -H 'X-SOCA-TOKEN: ⟦abcdef⟧' https://10.0.0.5/api",
    '"Token" : "⟦opaque⟧",',
    'got ⟦xoxb-123456789012-abcdefghijkl⟧ from x',
    'https://hooks.slack.com/services/⟦T00000000/B00000000/XXXXXXXXXXXX⟧',
    '+ echo ⟦ghp_abcdefghijklmnopqrstuvwxyz0123456789⟧',
    "--header 'Authorization: ⟦SocaToken⟧'",
    "invalid auth token '⟦Canary9xCanary9x⟧'",
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
    'mysql+mysqldb://soca:⟦hunter2⟧@db/soca',
    'valkey://:⟦hunter2⟧@h:6379/0',
    'open smb://u:⟦hunter2⟧@h/x',
    'git clone https://⟦abcdefghij0123456789⟧@github.com/x/y',
  ],
  secret: [
    '{"Name": "soca", "SecretString": "⟦{\\"user\\":\\"x\\"}⟧", "VersionStages": ["A"]}',
    '{"Name": "/soca/db", "Type": "SecureString", "Value": "⟦hunter2⟧", "Version": 1}',
    "SECRET_KEY = '⟦hunter2⟧'",
    'x-api-key: ⟦0123456789abcdef⟧',
    '⟦Yh3KX0n8uUe5Qk9l0bJj7o2T6m8V1zWcR4sPaDfGhIk=⟧',
    'SOCA_DCV_TOKEN_SYMMETRIC_KEY=⟦abc⟧',
    "aws secretsmanager put-secret-value --secret-id x --secret-string '⟦hunter2⟧'",
    "aws ssm put-parameter --name /soca/x --type SecureString --value '⟦hunter2⟧'",
    'AccountKey=⟦abc==⟧;EndpointSuffix=core',
    "client_secret='⟦hunter2⟧'",
  ],
}

const PLAIN = [
  "ConvertTo-SecureString : Cannot bind argument to parameter 'String' because it is an empty string.",
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
  'Authentication failed for user x',
  'password expired for user jdoe',
  'Password must be changed at next logon',
  'aws secretsmanager get-secret-value --secret-id edh-prod1-ldap',
  'Waiting for secret: edh-prod1-ldap',
  'SecretName: edh-prod1-ldap',
  'secret-id: edh-prod1-ldap',
  'Expected SHA256 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  '+ export DCV_X86_64_HASH=2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  'Launching session ... : dcv create-session --user jdoe --owner jdoe --type virtual --storage-root /home/jdoe/storage-root 79e5feb7-b36d-48f4-b630-42753788d375',
  '  Installing : libsecret-0.18.6-1.el7.x86_64',
  'Started Forward Password Requests to Wall Directory Watch.',
  '+ cat /root/OpenLdapAdminPassword.txt',
  'Changing password for user root.',
  '+ openssl passwd -help',
  '+ openssl genrsa -out /root/key.pem 2048',
  '+ kinit admin@CORP.LOCAL',
  "+ curl -H 'Content-Type: application/json' https://x",
  '+ curl -k -b cookies.txt https://x',
  'net use Z: /delete',
  'net use * /delete /y',
  '+ echo g4dn.xlarge',
  '++ echo m5.large',
  '+ echo us-west-2a',
  '+ echo Completed',
  '+ echo SOCA-AB12CD34EF',
  '+ echo 20210813',
  '+ echo AmazonLinux2023',
  "+ echo 'net.ipv4.ip_forward=1'",
  'pam_sss(dcv:auth): authentication success; logname= uid=0 euid=0 tty= ruser= rhost= user=jdoe',
  'Unable to update the password. The value provided for the new password does not meet the length, complexity, or history requirements of the domain.',
  'The user name or password is incorrect.',
  'password is required',
  'Password set to never expire',
  "Access denied for user 'root'@'localhost' (using password: YES)",
  'FATAL:  password authentication failed for user "soca"',
  'redis.exceptions.AuthenticationError: invalid password',
  'AUTH failed',
  'invalid token',
  'botocore.exceptions.ClientError: An error occurred (ExpiredToken) when calling the DescribeInstances operation: The security token included in the request is expired',
  'nextToken=abc',
  'SecretsManager.Client.exceptions.ResourceNotFoundException',
  'Signature: valid',
  '  Key ID a4c108a2: NOKEY',
  'SSH host key fingerprint SHA256:abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  'pass 1',
  'All tests passed',
  '+ pwd',
  'PWD=/root/x',
  '{"key": "soca:ClusterId", "value": "soca-prod"}',
  'key=value',
  'KeyName: my-keypair',
  'kms_key_id = arn:aws:kms:us-east-1:1:key/12345678',
  'access_key_id missing',
  'Found credentials from IAM Role: soca-role',
  'xauth: file /root/.Xauthority does not exist',
  'session cookie expired',
  'session-id=console',
  'dcv describe-session console',
  'PUT /latest/api/token',
  'password-auth-ac',
  'PasswordAuthentication yes',
  'chown root:root /etc/krb5.keytab',
  'checking for secret key... no',
  'usage: tool [--password PASSWORD] [--token TOKEN]',
  '  -p, --password string   Password',
  'mysql: [Warning] Using a password on the command line interface can be insecure.',
  'curl: option -u: requires parameter',
  '    raise ValueError("password is too short")',
  '    token = get_token(user)',
  '    if password != confirm_password:',
  '[INFO] Retrieving password for user jdoe from secret edh-prod1-ldap',
  'User jdoe is not authorized: token mismatch',
  '/edh/prod1/configuration/UserDirectory/password_parameter: missing',
  'password_length: 16',
  'max_password_age=42',
  'token_type: bearer',
  'TOKEN_TTL=21600',
  'secret_version: 3',
  'Passwordless sudo',
  'authentication="system"',
  '+ sed -i \'s/#auth-token-verifier=.*/auth-token-verifier="https:\\/\\/x"/\' /etc/dcv/dcv.conf',
  '+ authconfig --enablesssd --passalgo=sha512 --update',
  'CategoryInfo          : InvalidOperation: (x:LocalUser) [Set-LocalUser], InvalidPasswordException',
  'PasswordExpires        : 9/24/2021 7:54:58 PM',
  'PasswordLastSet : ',
  'Password expires             Never',
  'BUILD_TOKENIZER=1',
  'Ticket cache: KEYRING:persistent:0:0',
  'SC_TOKEN removed',
  'libpam-passwdqc',
  'OPENSSL_CONF=/etc/ssl',
  'Updating password for user admin',
  'su: Authentication failure',
  'Failed password for invalid user x from 10.0.0.1 port 22 ssh2',
  "Password for Admin: realm: Couldn't join realm",
  'New password: ',
  ' * Using keytab: FILE:/etc/krb5.keytab',
  " ! Couldn't get kerberos ticket for: Admin@CORP.LOCAL: Preauthentication failed",
  '2021-08-13 INFO  session - token 3 of 5',
  "+ sed -i 's/^passwd:.*/passwd: files sss/' /etc/nsswitch.conf",
  'htpasswd: Adding password for user admin',
  'WARNING! Using --password via the CLI is insecure. Use --password-stdin.',
]

const bare = (marked: string): string => marked.replaceAll(/[⟦⟧]/g, '')

describe('secrets are masked', () => {
  const cases = Object.entries(MASKED).flatMap(([kind, lines]) => lines.map((line) => [kind, line] as const))

  it.each(cases)('%s: %s', (kind, marked) => {
    expect(redact(bare(marked))).toBe(marked.replaceAll(/⟦[^⟧]*⟧/g, `«redacted:${kind}»`))
    const isLoneKey = marked === '⟦Yh3KX0n8uUe5Qk9l0bJj7o2T6m8V1zWcR4sPaDfGhIk=⟧'
    expect(isLoneKey || SECRET_NEEDLES.some((needle) => bare(marked).includes(needle))).toBe(true)
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
    // Each of these has a byte that logs seldom have: a short needle costs a walk from one such byte to the next.
    expect(SECRET_NEEDLES.filter((needle) => needle.length < 7).sort()).toEqual(
      ['AKIA', 'ASIA', 'AQAEA', '_PW=', '_PWD=', '{SSHA}', '$6$', '&pass=', '&pwd=', 'xoxb-'].sort(),
    )
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
    'echo x | openssl ',
    '| kinit ',
    'the password is for x ',
    'chpasswd\n',
    'net use \\\\\\\\a ',
    "'mysql', '-p', ",
    'send "a',
    'htpasswd -b -n ',
    '$6$a',
    'Authorization: x ',
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

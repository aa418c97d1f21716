import { type SecretCommand, tails } from './secrets.ts'

const password = (needles: readonly string[], flag: RegExp, after?: string): SecretCommand => ({
  kind: 'password',
  needles,
  flag,
  ...(after !== undefined && { after }),
})
const named = (commands: string, flag: RegExp, after?: string): SecretCommand =>
  password(
    commands.split(' ').map((command) => command.replace('~', ' ')),
    flag,
    after,
  )

const CURL = [...tails('curl -', [...'ufskXiHLvdoIb-'])]

export const COMMANDS: readonly SecretCommand[] = [
  password(
    [...CURL, "'curl', ", '--user ', '--user=', '--proxy-user ', '--auth '],
    /(?:\s-[A-Za-z]*u|--user|--proxy-user|--auth)(?:[ =]+|(?=['"\w]))/g,
    ':',
  ),
  { kind: 'token', needles: [...CURL, '--cookie'], flag: /(?:\s-[A-Za-z]*b|--cookie)[ =]+/g, after: '=' },
  named('ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldapcompare ldapmodrdn', /\s-[xZLv]*w\s*/g),
  named('ldappasswd slappasswd', /\s-[was]\s*/g),
  named('ipa-client-install kadmin.local kinit.exe', /\s-p?w\s+/g),
  password(['kadmin -', 'addprinc', 'cpw -pw '], /\s-p?w\s+/g),
  named('sshpass dsconfigldap dsconfigad rdesktop ldap_manager user_manager evil-winrm', /\s-p\s*/g),
  password(['certutil -', 'certutil.exe -', 'mongosh ', 'mongo -u', 'mongo --'], /\s-p\s+/g),
  password(['sqlcmd -', 'sqlcmd.exe -', 'bcp.exe '], /\s-P\s*/g),
  password(['winrs -r', 'winrs.exe -r', 'winrs /r'], /\s[-/]p(?:assword)?:/g),
  password(['signtool'], /\s\/p\s+/g),
  password(['psexec ', 'PsExec ', 'psexec.exe', 'PsExec.exe', 'psexec64', 'PsExec64'], /\s-p\s+/g),
  password(['useradd ', 'usermod '], /\s(?:-p|--password)[ =]+/g),
  named('schtasks SCHTASKS', /\s\/r?p\s+/gi),
  password(
    ['netdom ', 'NETDOM ', 'netdom.exe', 'cmdkey ', 'cmdkey.exe', 'xfreerdp', 'wfreerdp'],
    /\s\/p(?:ass(?:wordd?)?|d)?:/gi,
  ),
  password(
    ['net use ', 'net.exe use ', 'NET USE ', 'Net use '],
    /\s\/user:(?:"[^"\n]{1,80}"|[^\s"]{1,80}) +(?!\/)|\\\\[^\s"]{1,120}"? +(?!\/)/gi,
  ),
  password(
    ['net ads ', 'net rpc ', 'smbclient', 'rpcclient', 'smbcacls', 'smbget ', 'winexe -', "'-U', '"],
    /(?:\s-U\s*|--user[= ])/g,
    '%',
  ),
  password(['wbinfo -', 'wbinfo.exe'], /(?:\s-[aK]\s*|--authenticate[= ])/g, '%'),
  password(['samba-tool user'], /\suser (?:create|add|setpassword) [^\s-]\S*\s+(?=[^\s-])/g),
  password(
    ['mysql -', "'mysql', ", 'mysqldump', 'mysqladmin', 'mariadb -'],
    /\s-p(?=[^\s-])|\spassword\s+(?=[^\s-])/g,
  ),
  password(['redis-cli', 'valkey-cli'], /\s(?:-a|--pass)\s+/g),
  password(['docker login', 'podman login', 'nerdctl login', 'helm registry login'], /\s-p\s*/g),
  password(['openssl enc', 'openssl aes', 'openssl des'], /\s-[kK]\s+/g),
  password(['unzip -', '+ zip -', 'zipcloak'], /\s-[a-z]*P\s*/g),
  password(['7z x -p', '7z a -p', '7za x -', '7za a -', '7z.exe ', 'unrar x'], /\s-h?p(?=[^\s-])/g),
  password(['ssh-keygen'], /\s-[NP]\s+/g),
  password(['lftp -u', 'lftp -e'], /\s-u\s*/g, ','),
  password(['mount -t cifs', 'mount.cifs', ' cifs user'], /[\s,](?:pass|pw)=/g),
  // The parts of a connection string.
  password(['Server=', 'server=', 'Data Source=', 'DRIVER={', 'Driver={'], /;\s*(?:pwd|PWD|Pwd)\s*=\s*/g),
  // Answers of a script to a prompt.
  password(['expect -c', 'expect <<'], /\bsend(?:\s+--)?\s+(?=\\*")/g),
  // What a command reads as its input.
  named(
    'adcli~join realm~join passwd~--stdin vncpasswd smbpasswd --stdin-password --password-stdin',
    /<<<\s*/g,
  ),
  password([' kinit ', 'sudo -S', 'base64 -'], /<<<\s*/g),
  password(['chpasswd'], /<<<\s*/g, ':'),
]

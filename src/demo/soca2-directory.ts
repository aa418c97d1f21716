import { type Desktop, DIRECTORY_PASSWORD } from './desktop.ts'
import type { Random } from './random.ts'
import { part, type Step, say } from './step.ts'

export type Join = 'joins' | 'exhausted'

/** The part of ComputeNode.sh that joins the directory, with its password in the clear, and sets up sssd. */
export function directory(desktop: Desktop, values: Random, join: Join): Step[] {
  const file = `${desktop.folder}/ComputeNode.sh.log`
  return [
    say(2_000, file, directoryNames(desktop)),
    ...(join === 'joins' ? joined(desktop, file) : neverJoined(desktop, file, values)),
    say(2_000, file, sssd(desktop)),
  ]
}

function directoryNames({ cluster, host }: Desktop): string[] {
  const cache = `/${cluster.apps}/cluster_node_bootstrap/ad_automation`
  const realm = cluster.domain.toUpperCase()
  return [
    String.raw`+ [[ activedirectory == \o\p\e\n\l\d\a\p ]]`,
    `++ cat ${cache}/domain_name.cache`,
    `+ DS_DOMAIN_NAME=${cluster.domain}`,
    `++ echo ${cluster.domain}`,
    '++ tr a-z A-Z',
    `+ UPPER_DS_DOMAIN_NAME=${realm}`,
    `++ cat ${cache}/join_domain_user.cache`,
    '+ DS_DOMAIN_ADMIN_USERNAME=Admin',
    `++ cat ${cache}/join_domain.cache`,
    `+ DS_DOMAIN_ADMIN_PASSWORD='${DIRECTORY_PASSWORD}'`,
    `+ SERVER_UPPER_HOSTNAME=${host.toUpperCase()}`,
    '++ command -v adcli',
    '+ ADCLI=/sbin/adcli',
    '++ command -v realm',
    '+ REALM=/sbin/realm',
    '+ MAX_ATTEMPT=10',
    '+ CURRENT_ATTEMPT=0',
    `+ echo '${DIRECTORY_PASSWORD}'`,
    `+ /sbin/realm join --user Admin ${realm} --verbose`,
  ]
}

function discovery({ cluster }: Desktop): string[] {
  const { domain } = cluster
  const server = `${cluster.controller.slice(3).replaceAll('-', '.').replace(/\d+$/, '')}5`
  const join = `join --verbose --domain ${domain} --domain-realm ${domain.toUpperCase()} --domain-controller ${server}`
  return [
    '',
    ' * Unconditionally checking packages',
    ' * Resolving required packages',
    ` * LANG=C /usr/sbin/adcli ${join} --login-type user --login-user Admin --stdin-password`,
    ` * Using domain name: ${domain}`,
    ` * Using domain realm: ${domain}`,
  ]
}

function question({ cluster }: Desktop): string {
  return [
    ` * Resolving: _ldap._tcp.${cluster.domain}`,
    ` * Successfully discovered: ${cluster.domain}`,
    'Password for Admin: ',
  ].join('\n')
}

function joined(desktop: Desktop, file: string): Step[] {
  const domain = desktop.cluster.domain
  return [
    part(1_500, file, question(desktop)),
    say(2_000, file, [
      ...discovery(desktop),
      ` * Authenticated as user: Admin@${domain.toUpperCase()}`,
      ` * Enrolled computer name: ${desktop.host.toUpperCase()}`,
      ' * Successfully enrolled machine in realm',
      '+ [[ 0 -ne 0 ]]',
    ]),
  ]
}

function refusal({ cluster, host }: Desktop): string[] {
  const suffix = cluster.domain
    .split('.')
    .map((label) => `DC=${label}`)
    .join(',')
  const account = `CN=${host.toUpperCase()},OU=Computers,${suffix}`
  return [
    ` ! Insufficient permissions to modify computer account: ${account}: 000021C7: AtrErr: DSID-03200E81, #1:`,
    '\t0: 000021C7: DSID-03200E81, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 90303 (servicePrincipalName)',
    `adcli: joining domain ${cluster.domain} failed: Insufficient permissions to modify computer account: ${account}:`,
    ' ! Failed to join the domain',
    "realm: Couldn't join realm: Failed to join the domain",
    '+ [[ 1 -ne 0 ]]',
  ]
}

/** Eleven refusals: the loop ends and the script goes on as if nothing had been. */
function neverJoined(desktop: Desktop, file: string, values: Random): Step[] {
  const { cluster, host } = desktop
  const realm = cluster.domain.toUpperCase()
  const retry = (loop: number): Step[] => {
    const seconds = values.int(2, 59)
    const text = (quote: string): string =>
      `Realm join didn${quote}t complete successfully. Retrying in ${seconds} seconds... Loop count is: ${loop}/10`
    return [
      say(500, file, [
        `+ [[ ${loop} -le 10 ]]`,
        `+ SLEEP_TIME=${seconds}`,
        '+ id Admin',
        'id: Admin: no such user',
        `+ echo '${text(String.raw`'\''`)}'`,
        text("'"),
        `+ sleep ${seconds}`,
      ]),
      say(seconds * 200, file, [
        '+ (( CURRENT_ATTEMPT=CURRENT_ATTEMPT+1 ))',
        `+ echo '${DIRECTORY_PASSWORD}'`,
        `+ /sbin/adcli delete-computer -U Admin --stdin-password --domain=${cluster.domain} ${host.toUpperCase()}`,
        `+ echo '${DIRECTORY_PASSWORD}'`,
        `+ /sbin/realm leave --user Admin ${realm} --verbose`,
        "realm: Couldn't find a matching realm",
        `+ echo '${DIRECTORY_PASSWORD}'`,
        `+ /sbin/realm join --user Admin ${realm} --verbose`,
      ]),
      part(400, file, question(desktop)),
      say(400, file, [...discovery(desktop), ...refusal(desktop)]),
    ]
  }
  return [
    part(1_500, file, question(desktop)),
    say(1_000, file, [...discovery(desktop), ...refusal(desktop)]),
    ...Array.from({ length: 11 }, (_, loop) => retry(loop)).flat(),
    say(200, file, ['+ [[ 11 -le 10 ]]']),
  ]
}

function sssd({ cluster }: Desktop): string[] {
  return [
    "+ echo -e '",
    `## Add the "AWS Delegated Administrators" group from the ${cluster.domain} domain.`,
    String.raw`%AWS\ Delegated\ Administrators ALL=(ALL:ALL) ALL`,
    "'",
    '+ cp /etc/sssd/sssd.conf /etc/sssd/sssd.conf.orig',
    "+ echo -e '[sssd]",
    'domains = default',
    'config_file_version = 2',
    'services = nss, pam',
    '',
    '[domain/default]',
    `ad_domain = ${cluster.domain}`,
    `krb5_realm = ${cluster.domain.toUpperCase()}`,
    'cache_credentials = True',
    'id_provider = ad',
    'krb5_store_password_if_offline = True',
    'fallback_homedir = /data/home/%u',
    'access_provider = ad',
    '',
    '[nss]',
    'homedir_substring = /data/home',
    '',
    "[secrets]'",
    '+ chmod 600 /etc/sssd/sssd.conf',
    '+ systemctl enable sssd',
    '+ systemctl restart sssd',
  ]
}

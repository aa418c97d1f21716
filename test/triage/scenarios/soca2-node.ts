import type { Desktop } from './desktops.ts'
import { seconds } from './moments.ts'

export const SOCA2 = 'soca-lab'
export const BOOTSTRAP = `/apps/soca/${SOCA2}/cluster_node_bootstrap`

export type Identity = 'openldap' | 'activedirectory'

/** What ComputeNode.sh writes when all is well: an xtrace without times, up to its reboot. */
export function computeNode({ owner, uuid, begin }: Desktop, identity: Identity): string[] {
  return [
    '+ source /etc/environment',
    `++ export SOCA_DCV_SESSION_ID=${uuid}`,
    `++ SOCA_DCV_OWNER=${owner}`,
    '+ source /root/config.cfg',
    '+ service pbs stop',
    'Failed to stop pbs.service: Unit pbs.service not loaded.',
    '+ systemctl status amazon-ssm-agent',
    'Unit amazon-ssm-agent.service could not be found.',
    '+ yum -y install epel-release',
    'Loaded plugins: fastestmirror',
    '---> Package libgpg-error.x86_64 0:1.12-3.el7 will be installed',
    '---> Package perl-Error.noarch 1:0.17020-2.el7 will be installed',
    '  Verifying  : gcc-4.8.5-44.el7.x86_64                                152/152',
    'Complete!',
    'ls: cannot access /dev/xvdc[a-z]: No such file or directory',
    'No instance store detected on this machine.',
    "+ echo 'OpenPBS Not Detected, Installing OpenPBS ...'",
    'OpenPBS Not Detected, Installing OpenPBS ...',
    '+ wget https://github.com/openpbs/openpbs/archive/v20.0.1.tar.gz',
    `--${seconds(begin + 6)}--  https://github.com/openpbs/openpbs/archive/v20.0.1.tar.gz`,
    'HTTP request sent, awaiting response... 200 OK',
    'openpbs-20.0.1/src/lib/Liberror/pbs_error.c',
    '+ ./configure --prefix=/opt/pbs',
    'checking for error in dlfcn.h... no',
    'configure: WARNING: unrecognized options: --with-failed-hooks',
    "pbs_error.c:214:2: warning: implicit declaration of function 'log_err' [-Wimplicit-function-declaration]",
    '*** PBS Installation Summary',
    ...(identity === 'openldap' ? openLdap() : activeDirectory()),
    '+ systemctl stop firewalld',
    'Failed to stop firewalld.service: Unit firewalld.service not loaded.',
    '+ systemctl enable chronyd',
    '+ sudo reboot',
  ]
}

function openLdap(): string[] {
  return [
    `++ /usr/local/bin/aws secretsmanager get-secret-value --secret-id ${SOCA2} --query SecretString --output text`,
    `+ LDAP_CONFIG='{"LdapBase": "DC=soca,DC=local", "LdapName": "soca.local"}'`,
    '+ openssl s_client -connect ip-10-20-0-5.eu-central-1.compute.internal:389 -starttls ldap',
    'depth=0 CN = ip-10-20-0-5.eu-central-1.compute.internal',
    'verify error:num=18:self signed certificate',
    '+ systemctl enable sssd',
    '+ systemctl restart sssd',
  ]
}

function activeDirectory(): string[] {
  return [
    `++ cat ${BOOTSTRAP}/ad_automation/domain_name.cache`,
    '+ DS_DOMAIN_NAME=lab.example.org',
    '+ MAX_ATTEMPT=10',
    '+ CURRENT_ATTEMPT=0',
    JOIN,
    ' * Successfully discovered: lab.example.org',
    ENROLLED,
    '+ [[ 0 -ne 0 ]]',
    '+ systemctl enable sssd',
    '+ systemctl restart sssd',
  ]
}

const JOIN = '+ /sbin/realm join --user Admin LAB.EXAMPLE.ORG --verbose'
const ENROLLED = ' * Successfully enrolled machine in realm'

/** Attempts to join that end with these words, before the next one. */
export function joinAttempts(count: number, ...words: readonly string[]): string[] {
  return Array.from({ length: count }, (_, index) => {
    const message = `Realm join didn't complete successfully. Retrying in ${12 + index} seconds... Loop count is: ${index}/10`
    return [
      ...words,
      '+ [[ 1 -ne 0 ]]',
      `+ [[ ${index} -le 10 ]]`,
      '+ id Admin',
      'id: Admin: no such user',
      `+ echo '${message.replaceAll("'", "'\\''")}'`,
      message,
      JOIN,
    ]
  }).flat()
}

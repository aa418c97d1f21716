import type { Desktop } from './desktop.ts'
import { compileRun, wgetRest, wgetStart, yumInstall } from './noise.ts'
import type { Random } from './random.ts'
import { directory, type Join } from './soca2-directory.ts'
import { part, type Step, say } from './step.ts'

const PBS_URL = 'https://codeload.github.com/openpbs/openpbs/tar.gz/v20.0.1'

/** ComputeNode.sh of SOCA 2.7 up to its reboot: packages, scratch disk, scheduler, directory. */
export function computeNode(desktop: Desktop, values: Random, join: Join): Step[] {
  const file = `${desktop.folder}/ComputeNode.sh.log`
  return [
    say(2_000, file, opening(desktop)),
    say(3_000, file, agentAndPackages()),
    say(2_500, file, ['+ yum -y install epel-release', ...yumInstall(values, 1)]),
    ...packageRun(file, values),
    say(1_500, file, scratch()),
    ...openPbs(desktop, file, values),
    ...directory(desktop, values, join),
    say(4_000, file, closing(join)),
  ]
}

function opening({ cluster, folder, owner, sessionUuid }: Desktop): string[] {
  const exported = (name: string, value: string): string[] => [
    `++ export ${name}=${value}`,
    `++ ${name}=${value}`,
  ]
  const portal = `https://${cluster.controller}.${cluster.region}.compute.internal:8443/api/dcv/authenticator`
  return [
    '+ source /etc/environment',
    ...exported('SOCA_DCV_AUTHENTICATOR', portal),
    ...exported('SOCA_DCV_SESSION_ID', sessionUuid),
    ...exported('SOCA_CONFIGURATION', cluster.id),
    ...exported('SOCA_DCV_OWNER', owner),
    ...exported('SOCA_BASE_OS', 'centos7'),
    ...exported('SOCA_JOB_TYPE', 'dcv'),
    ...exported('SOCA_HOST_SYSTEM_LOG', `/${folder}`),
    ...exported('SOCA_AUTH_PROVIDER', 'activedirectory'),
    '+ source /root/config.cfg',
    '+ [[ 1 -lt 1 ]]',
    '+ service pbs stop',
    'Redirecting to /bin/systemctl stop pbs.service',
    'Failed to stop pbs.service: Unit pbs.service not loaded.',
    '+ true',
  ]
}

function agentAndPackages(): string[] {
  return [
    '++ uname -m',
    '+ machine=x86_64',
    '+ systemctl status amazon-ssm-agent',
    'Unit amazon-ssm-agent.service could not be found.',
    String.raw`+ [[ x86_64 == \x\8\6\_\6\4 ]]`,
    '+ yum install -y https://s3.amazonaws.com/ec2-downloads-windows/SSMAgent/latest/linux_amd64/amazon-ssm-agent.rpm',
    'Loaded plugins: fastestmirror',
    'Installed:',
    '  amazon-ssm-agent.x86_64 0:3.2.2303.0-1',
    '',
    'Complete!',
    '+ systemctl enable amazon-ssm-agent',
    '+ systemctl restart amazon-ssm-agent',
    '+ [[ ! -f /root/soca_preinstalled_packages.log ]]',
    String.raw`+ [[ centos7 == \r\h\e\l\7 ]]`,
    String.raw`+ [[ centos7 == \c\e\n\t\o\s\7 ]]`,
  ]
}

function packageRun(file: string, values: Random): Step[] {
  const lines = yumInstall(values, values.int(18, 30))
  const third = Math.ceil(lines.length / 3)
  return [0, 1, 2].map((turn) => say(2_500, file, lines.slice(turn * third, (turn + 1) * third)))
}

function scratch(): string[] {
  const taken = 'All volumes detected already have a partition or mount point and can'
  return [
    '+ mkdir /scratch/',
    "+ [[ '' -ne 0 ]]",
    '++ ls /dev/nvme0n1',
    '+ [[ ! -z /dev/nvme0n1 ]]',
    "+ echo 'Detected Instance Store: NVME'",
    'Detected Instance Store: NVME',
    "+ echo 'Detected Instance Store with NVME:' /dev/nvme0n1",
    'Detected Instance Store with NVME: /dev/nvme0n1',
    String.raw`+ echo '${taken}'\''t be used as scratch devices'`,
    `${taken}'t be used as scratch devices`,
  ]
}

function openPbs({ cluster }: Desktop, file: string, values: Random): Step[] {
  const script = `/${cluster.apps}/cluster_node_bootstrap/ComputeNode.sh`
  const build = compileRun(values, 90)
  return [
    say(500, file, [
      '++ /opt/pbs/bin/qstat --version',
      `${script}: line 128: /opt/pbs/bin/qstat: No such file or directory`,
      "+ [[ '' != 20.0.1 ]]",
      "+ echo 'OpenPBS Not Detected, Installing OpenPBS ...'",
      'OpenPBS Not Detected, Installing OpenPBS ...',
    ]),
    part(200, file, `+ wget ${PBS_URL}\n${wgetStart(PBS_URL)}`),
    say(1_500, file, wgetRest(PBS_URL, 3_686_531, values)),
    say(1_500, file, ['+ ./autogen.sh', '+ ./configure --prefix=/opt/pbs', ...build.slice(0, 30)]),
    say(2_500, file, ['+ make -j6', ...build.slice(30, 60)]),
    say(2_500, file, build.slice(60)),
    say(1_000, file, ['+ make install -j6', '+ /opt/pbs/libexec/pbs_postinstall', '+ systemctl disable pbs']),
  ]
}

function closing(join: Join): string[] {
  const restarted = [
    'Job for sssd.service failed because the control process exited with error code. See "systemctl status sssd.service" and "journalctl -xe" for details.',
  ]
  return [
    ...(join === 'joins' ? [] : restarted),
    "+ echo 'sudoers: files sss'",
    '+ systemctl stop firewalld',
    'Failed to stop firewalld.service: Unit firewalld.service not loaded.',
    '+ cp /etc/pbs.conf /etc/pbs.conf.orig',
    '++ curl --silent http://169.254.169.254/latest/meta-data/instance-type',
    '++ cut -d. -f1',
    '+ INSTANCE_FAMILY=m5',
    '+ [[ p2 p3 g2 g3 g4 g4dn =~ m5 ]]',
    '+ yum remove -y ntp',
    'No Match for argument: ntp',
    'No Packages marked for removal',
    '+ systemctl enable chronyd',
    '+ sudo reboot',
  ]
}

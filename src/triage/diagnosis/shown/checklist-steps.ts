/** One step of the checklist: a question, and where its answer can be found. */
export type CheckStep = {
  readonly title: string
  /** A command for the machine in question that shows it; names in braces are filled in. */
  readonly command: string
  readonly on: 'aws' | 'host' | 'controller' | 'anywhere'
  /** The phase that answers it. */
  readonly phase: string
  /** No phase answers this step: somebody must run the command. */
  readonly open?: true
  /** All phases of the bootstrap answer it: the worst of them. */
  readonly bootstrap?: true
  /** Any log of the desktop in this folder answers it. */
  readonly folder?: RegExp
  readonly os?: 'linux' | 'windows'
  /** The portal's database answers it. */
  readonly portal?: true
  /** The profiles that it is for; all if absent. */
  readonly of?: readonly string[]
}

/** Where a desktop is started by the crontab of its owner, and where by a service. */
export const OLD = ['soca-2']
export const NEW = ['soca-24', 'soca-25', 'edh-26']

const STACK = '{cluster}-{name}-{owner}'

/** What a desktop needs before it can have a session. From the guide for debugging one that comes with SOCA, updated for later releases. */
export const DESKTOP_STEPS: readonly CheckStep[] = [
  {
    title: 'The stack was created',
    phase: 'launch',
    on: 'aws',
    command: `aws cloudformation describe-stack-events --stack-name ${STACK} --query "StackEvents[?contains(ResourceStatus,'FAILED')].[LogicalResourceId,ResourceStatusReason]" --output table`,
  },
  {
    title: 'The instance runs',
    phase: 'launch',
    on: 'aws',
    command: `aws ec2 describe-instances {instance_or_stack} --query "Reservations[].Instances[].[InstanceId,State.Name,PrivateDnsName,LaunchTime]" --output table`,
  },
  {
    title: 'The user data ran',
    phase: 'user-data',
    os: 'linux',
    on: 'host',
    command: 'tail -n 50 /var/log/cloud-init-output.log; cloud-init status --long',
  },
  {
    title: 'The user data ran',
    phase: 'user-data',
    os: 'windows',
    on: 'host',
    command: 'Get-Content "{user_data_log}" -Tail 50',
  },
  {
    title: 'The shared file systems are mounted',
    phase: 'mount',
    os: 'linux',
    on: 'host',
    command: 'df -h /apps /data; grep -E "nfs|lustre" /etc/fstab',
  },
  {
    title: 'The log folder of the desktop exists',
    phase: 'mount',
    folder: /\/(?:logs\/desktop|dcv_node)\//,
    os: 'linux',
    on: 'controller',
    command: 'ls -laR {logs}/ | tail -n 40',
  },
  {
    title: 'The five ComputeNode logs end well',
    phase: 'setup',
    bootstrap: true,
    os: 'linux',
    of: OLD,
    on: 'controller',
    command: 'tail -n 5 {logs}/*/ComputeNode*.log',
  },
  {
    title: 'The logs of the bootstrap end well',
    phase: 'setup',
    bootstrap: true,
    os: 'linux',
    of: NEW,
    on: 'controller',
    command: 'find {logs}/ -name "*.log" -exec tail -n 5 {} +',
  },
  {
    title: 'The required packages are installed',
    phase: 'setup',
    os: 'linux',
    on: 'host',
    command: 'rpm -q nfs-utils sssd krb5-workstation openldap-clients || dpkg -l nfs-common sssd',
  },
  {
    title: 'The setup of the host ended',
    phase: 'setup',
    os: 'windows',
    on: 'host',
    command: `Get-ChildItem "{windows_logs}" | Sort-Object LastWriteTime | ForEach-Object { $_.FullName; Get-Content $_.FullName -Tail 10 }`,
  },
  {
    title: 'The owner is known to the host',
    phase: 'identity',
    os: 'linux',
    on: 'host',
    command: 'id {owner}; sssctl domain-status $(sssctl domain-list | head -n 1)',
  },
  {
    title: 'The host is in the domain',
    phase: 'identity',
    os: 'windows',
    on: 'host',
    command: 'Test-ComputerSecureChannel -Verbose; (Get-CimInstance Win32_ComputerSystem).Domain',
  },
  {
    title: 'The host came back after its reboot',
    phase: 'reboot',
    os: 'linux',
    of: OLD,
    on: 'host',
    command: 'uptime; crontab -l | grep reboot; tail -n 30 /var/spool/mail/root',
  },
  {
    title: 'The host came back after its reboot',
    phase: 'reboot',
    os: 'linux',
    of: NEW,
    on: 'host',
    command: 'uptime; journalctl --list-boots | tail -n 3',
  },
  {
    title: 'The host came back after its reboot',
    phase: 'reboot',
    os: 'windows',
    on: 'host',
    command:
      '(Get-CimInstance Win32_OperatingSystem).LastBootUpTime; Get-WinEvent -FilterHashtable @{LogName="System";Id=1074,6005,6008} -MaxEvents 10',
  },
  {
    title: 'The GPU works',
    phase: 'gpu',
    os: 'linux',
    on: 'host',
    command: 'lspci | grep -iE "nvidia|amd"; nvidia-smi; tail -n 30 /var/log/nvidia-installer.log',
  },
  {
    title: 'DCV is installed',
    phase: 'dcv-install',
    os: 'linux',
    on: 'host',
    command: 'rpm -qa "nice-dcv*" || dpkg -l "nice-dcv*"; systemctl status dcvserver --no-pager',
  },
  {
    title: 'DCV is installed',
    phase: 'dcv-install',
    os: 'windows',
    on: 'host',
    command: String.raw`Get-Service dcvserver; Get-ItemProperty -Path "Registry::HKEY_USERS\S-1-5-18\Software\GSettings\com\nicesoftware\dcv\session-management"`,
  },
]

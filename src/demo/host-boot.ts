import { kernel } from './bootstrap-mount.ts'
import type { Desktop } from './desktop.ts'
import { curlMeter } from './noise.ts'
import { copy, info, part, type Step, say } from './step.ts'

/** The first boot: user data, then the shared file systems, to which the host copies its logs so far. */
export function firstBoot({ cluster, folder, host, instanceId }: Desktop): Step[] {
  const output = 'var/log/cloud-init-output.log'
  const messages = 'var/log/messages'
  const assets = `/root/${cluster.product}_bootstrap_${instanceId}`
  return [
    say(400, messages, boot(host)),
    say(600, output, [
      "Cloud-init v. 24.4-3.el9 running 'modules:final' at {{rfc}} +0000. Up 21.37 seconds.",
      info(`Running Kernel ${kernel()}`),
      'awscli not found, downloading it',
      ...curlMeter(62_344),
      'You can now run: /usr/local/bin/aws --version',
    ]),
    say(1_000, 'var/log/cloud-init.log', [
      '{{ms}} - util.py[DEBUG]: Reading from /proc/uptime (quiet=False)',
      "{{ms}} - cc_scripts_user.py[DEBUG]: Running command ['/var/lib/cloud/instance/scripts/part-001']",
      '{{ms}} - helpers.py[DEBUG]: config-package_update_upgrade_install already ran (freq=once-per-instance)',
    ]),
    say(2_000, output, [
      info('First user data execution, downloading bootstrap sequence'),
      info('Downloading Bootstrap script'),
      info(`aws_cli received API call: s3 sync s3://${cluster.id}-install/bootstrap ${assets}`),
      `download: s3://${cluster.id}-install/bootstrap/install_required_packages.sh to ${assets}/install_required_packages.sh`,
      `download: s3://${cluster.id}-install/bootstrap/02_setup.sh to ${assets}/02_setup.sh`,
    ]),
    part(9_000, output, 'Uploading logs: 0/6 files'),
    part(500, output, '\rUploading logs: 3/6 files'),
    say(500, output, ['\rUploading logs: 6/6 files']),
    say(13_000, messages, [
      `{{syslog}} ${host} systemd[1]: Mounting /apps...`,
      `{{syslog}} ${host} kernel: FS-Cache: Loaded`,
      `{{syslog}} ${host} systemd[1]: Mounted /apps.`,
      `{{syslog}} ${host} systemd[1]: Mounted /data.`,
    ]),
    copy(3_500, messages, `${folder}/messages`),
    copy(0, output, `${folder}/cloud-init-output-final-{{epoch}}.log`),
  ]
}

/** The boot after the setup of the host, up to where the session can be created. */
export function secondBoot({ cluster, host }: Desktop): Step[] {
  const messages = 'var/log/messages'
  const sssd = `var/log/sssd/sssd_${cluster.domain}.log`
  return [
    say(23_000, messages, [`{{syslog}} ${host} systemd[1]: Reached target System Reboot.`]),
    say(17_000, messages, boot(host)),
    say(1_500, sssd, [
      `({{sec}}): [be[${cluster.domain}]] [server_setup] (0x3f7c0): Starting with debug level = 0x0070`,
      `({{sec}}): [be[${cluster.domain}]] [ad_set_sdap_options] (0x0040): ldap_schema is not set, the AD default is used`,
    ]),
    say(500, messages, [
      `{{syslog}} ${host} sssd_be[871]: Starting up`,
      `{{syslog}} ${host} systemd[1]: Started System Security Services Daemon.`,
      `{{syslog}} ${host} crond[1102]: (root) CMD (/bin/bash /root/03_setup_post_reboot.sh)`,
    ]),
  ]
}

/** What the kernel and the first services say at each boot. */
function boot(host: string): string[] {
  return [
    `{{syslog}} ${host} kernel: Linux version ${kernel()} (mockbuild@iad1-prod-build001.bld.equ.rockylinux.org)`,
    `{{syslog}} ${host} kernel: Command line: BOOT_IMAGE=(hd0,gpt3)/vmlinuz-${kernel()} root=UUID=8d7c console=ttyS0,115200n8`,
    `{{syslog}} ${host} systemd[1]: Starting Initial cloud-init job (pre-networking)...`,
    `{{syslog}} ${host} NetworkManager[741]: <info>  device (eth0): state change: ip-config -> activated`,
    `{{syslog}} ${host} systemd[1]: Stopped target GNOME Session Failed.`,
    `{{syslog}} ${host} chronyd[702]: Selected source 169.254.169.123`,
  ]
}

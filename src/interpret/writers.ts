/** Logs of all programs of a host. */
const SHARED = new Set(['messages', 'secure'])

/** The programs that bring a desktop up, keep it, or let a user in; the rest are bystanders. */
const PROGRAMS = [
  'kernel|systemd|systemd-(?:logind|resolved|networkd|coredump|fsck|journald)|dracut[\\w-]*|root|startup|rc\\.local|logger',
  'dcv\\w*|Xdcv|nice\\w*|X|Xorg|gdm\\w*|gdm-[\\w-]+|lightdm|sddm|nvidia\\S*|dkms|modprobe|depmod|akmods',
  'cloud-init\\S*|user-?data|amazon-\\S*|aws\\S*|ec2\\S*|ssm-\\S*|cfn-\\S*|soca\\S*|edh\\S*|efs\\S*|stunnel\\d?|cinc\\S*|chef\\S*|puppet\\S*',
  'mount\\S*|umount\\S*|nfs\\S*|rpc\\.\\S*|automount|lustre|lnet|autofs|fsck\\S*|xfs\\S*|mkfs\\S*',
  'sssd\\S*|sss_\\w+|nslcd|winbindd?|krb5\\w*|k5start|ldap\\S*|adcli|realm\\w*|oddjob\\S*|useradd|usermod|groupadd',
  'sh|bash|python\\S*|perl|yum|dnf\\S*|rpm|apt|apt-get|dpkg|pip\\S*|ansible\\S*|crond?|CROND?|dhclient\\S*',
  'uwsgi|gunicorn|nginx|httpd|flask|slurm\\w*|pbs\\S*|qmgr|haproxy|named|chronyd',
]
const FELT = new RegExp(`^(?:${PROGRAMS.join('|')})$`)

/** A program before its number, where the record has no head. */
const LED_BY = /^([\w./-]+)\[\d+\]: /

/** Is the writer, whose name the head or the message tells, none whose failures a desktop feels? */
export function isBystander(source: string, component: string, message: string): boolean {
  if (!SHARED.has(source)) return false
  const program = component || (LED_BY.exec(message)?.[1] ?? '')
  return program !== '' && !FELT.test(program.slice(program.lastIndexOf('/') + 1))
}

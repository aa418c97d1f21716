import type { Severity } from '../model.ts'

/** Logs of all programs of a host. */
const SHARED = new Set(['messages', 'secure'])

/** A record without its head, and its writer; the component is '' if the head does not say. */
export type Writing = { readonly source: string; readonly component: string; readonly message: string }

/** The programs that start a desktop, keep it running, or let a user in; the rest are bystanders. */
const PROGRAMS = [
  'systemd|systemd-(?:logind|resolved|networkd|coredump|fsck|journald)|dracut[\\w-]*|root|startup|rc\\.local|logger',
  'dcv\\w*|Xdcv|nice\\w*|X|Xorg|gdm\\w*|gdm-(?!x-|wayland-)[\\w-]+|lightdm|sddm|nvidia\\S*|dkms|modprobe|depmod|akmods',
  'cloud-init\\S*|user-?data|amazon-\\S*|aws\\S*|ec2\\S*|ssm-\\S*|cfn-\\S*|soca\\S*|edh\\S*|efs\\S*|stunnel\\d?|cinc\\S*|chef\\S*|puppet\\S*',
  'mount\\S*|umount\\S*|nfs\\S*|rpc\\.\\S*|automount|lustre|lnet|autofs|fsck\\S*|xfs\\S*|mkfs\\S*',
  'sssd\\S*|sss_\\w+|nslcd|winbindd?|krb5\\w*|k5start|ldap\\S*|adcli|realm\\w*|oddjob\\S*|useradd|usermod|groupadd',
  'sh|bash|python\\S*|perl|yum|dnf\\S*|rpm|apt|apt-get|dpkg|pip\\S*|ansible\\S*|crond?|CROND?|dhclient\\S*',
  'uwsgi|gunicorn|nginx|httpd|flask|slurm\\w*|pbs\\S*|qmgr|haproxy|named|chronyd',
]
const FELT = new RegExp(`^(?:${PROGRAMS.join('|')})$`)

/** The first words of the kernel's relevant messages, about cloud machines and file systems; it probes for much else. */
const SUBJECTS = [
  'nvme|nvidia|NVRM|drm|amdgpu|ena|efa|ixgbevf|xen|vbd|blkfront|virtio|I/O|Buffer|blk_|print_req|md\\d*:|dm-|device-mapper|loop',
  'EXT4|XFS|xfs|BTRFS|JBD2|squashfs|overlay|FS-Cache|VFS|nfs|NFS|RPC|rpc|lockd|Lustre|LNet|lustre|CIFS|SUNRPC',
  'Out of|Memory|oom|traps|INFO|watchdog|NMI|rcu|BUG|Oops|WARNING|general|Kernel|kernel|Call|task|process|segfault|mce|EDAC|Machine',
  'SELinux|audit|nf_conntrack|TCP|neighbour|net|eth\\d|ens\\d|systemd|module|Aborting|clocksource|page allocation|swap',
]
const OF_THE_CLOUD = new RegExp(
  `^(?:\\[ *[\\d.]+\\] ?)?(?:${SUBJECTS.join('|')}|\\[drm|\\S+\\[\\d+\\]|[\\w.-]+: (?:page|version|disagrees|Unknown symbol))`,
)

/** A program before its number, if the record has no head. */
const LED_BY = /^(?:[\w./-]*\/)?([\w.-]+)\[\d+\]: /
/** A program that says so has ended, whatever it was for: a desktop's shell, a licence daemon, a site's own service. */
const ENDED = [
  /^(?:[\w./-]+(?:\[\d+\])?: ){1,2}\W{0,4}(?:FATAL|PANIC)\b|\bERROR \*\*|-session\S*: ERROR: /,
  /\b(?:giving up|unrecoverable|core dumped|dumped core|failed to start|(?:could|can) ?not (?:be )?start(?:ed)?)(?=[\s,.:;(]|$)/i,
  /\bexiting (?:with|due to|because of) (?:an? )?(?:error|failure|(?:exit )?(?:status|code) [1-9])/i,
]
/** What the kernel says of a device or a file system that has stopped, whichever it is. */
const STOPPED =
  /\b(?:hung|unrecoverable|out of memory|health compromised|reset failed|failed to map|(?:device|controller) dead)\b/
const KERNEL_TIME = /^\[ *\d+\.\d+\]/

/**
 * The severity of a record in a log of all programs: only a note for a bystander, unless it says that it has ended, and for what
 * the kernel says about missing hardware that a cloud machine does not have, or does not call a failure.
 */
export function worth(severity: Severity, { source, component, message }: Writing): Severity {
  if (!SHARED.has(source)) return severity
  const program = component.slice(component.lastIndexOf('/') + 1) || leader(message)
  if (program === 'kernel') return ofKernel(severity, message)
  if (program === '' || FELT.test(program)) return severity
  return ENDED.some((words) => words.test(`${program}: ${message}`)) ? 'warning' : 'info'
}

function ofKernel(severity: Severity, message: string): Severity {
  if (severity !== 'warning' && OF_THE_CLOUD.test(message)) return severity
  return STOPPED.test(message) ? 'warning' : 'info'
}

function leader(message: string): string {
  return KERNEL_TIME.test(message) ? 'kernel' : (LED_BY.exec(message)?.[1] ?? '')
}

import type { Desktop } from './desktops.ts'

/** Packages that come at the first attempt. */
export function packages(command: string): string[] {
  return [
    `[INFO] Attempting to run ${command}`,
    '[INFO] Attempt 1/10)',
    'Last metadata expiration check: 0:02:36 ago on Mon 04 May 2026 08:01:00 AM UTC.',
    ' libgpg-error-devel  x86_64         1.42-5.el9           appstream      24 k',
    ' perl-Error          x86_64         0.17029-7.el9        appstream      41 k',
    'Complete!',
    '[INFO] Command successful after: 1/10 attempts',
  ]
}

/** Attempts that fail with these words. */
export function failedAttempts(command: string, count: number, ...words: readonly string[]): string[] {
  return Array.from({ length: count }, (_, index) => [
    `[INFO] Attempt ${index + 1}/10)`,
    ...words,
    `[ERROR] ${command} failed on Attempt ${index + 1}/10. Will try again in 60 seconds`,
  ]).flat()
}

export const SETUP_PACKAGES = 'dnf install -y sssd realmd adcli oddjob-mkhomedir'
export const REQUIRED_PACKAGES = 'dnf install -y chrony cpp dejavu-fonts-common'

/** filesystems_mount.log, when all is well. */
export function mounts(): string[] {
  return [
    '[INFO] Retrieved SOCA FileSystem Tree: {',
    '  "apps": {"provider": "efs", "mount_path": "/apps", "mount_target": "fs-0a1b", "on_mount_failure": "exit"}',
    '}',
    ...['apps', 'data'].flatMap((name) => [
      '[INFO] Processing efs: {',
      `  "provider": "efs", "mount_path": "/${name}"`,
      '}',
      '[INFO] Received new fstab entry request: 10.20.0.20:/',
      `[INFO] Creating /${name} if needed`,
      `[INFO] Adding 10.20.0.20:/ /${name} nfs4 nfsvers=4.1,hard,timeo=600,retrans=2,noresvport 0 0 to /etc/fstab`,
      '[INFO] Mounting attempt 1/10 ...',
      `[INFO] mount /${name} command completed successfully`,
      `[INFO] Successfully mounted 10.20.0.20:/ as /${name} (fs-0a1b)`,
    ]),
    '[INFO] SocaFileSystemsAutoMount Completed',
  ]
}

/** 02_setup.log, when all is well. */
export function setup(one: Desktop): string[] {
  return [
    '[INFO] Setup Start Date: Mon May  4 08:05:00 UTC 2026',
    '[INFO] Validating umask',
    '[INFO] umask is 0022',
    '# Begin: Install/Update Required Linux Packages',
    ...packages(SETUP_PACKAGES),
    '# End: Install/Update Required Linux Packages',
    '[INFO] No instance store detected on this machine.',
    '[INFO] Installing SOCA Python',
    "WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour with the system package manager.",
    '[INFO] Installing schedulers',
    '[INFO] OpenPBS already installed, and at correct version.',
    'Failed to stop pbs.service: Unit pbs.service not loaded.',
    'checking for error in dlfcn.h... no',
    '[INFO] Retrieving secret lab from Secrets Manager',
    '[INFO] Secret lab retrieved',
    '[INFO] Trying to join Active Directory ... ',
    '[INFO] Active Directory Domain Name: lab.example.org',
    '[INFO] Verifying if  AD is reachable from the node',
    '[INFO] lab.example.org is reachable',
    `[INFO] Trying to join host to AD as SOCA-${one.uuid.slice(0, 8).toUpperCase()}`,
    ' * Successfully discovered: lab.example.org',
    '[INFO] Joined realm lab.example.org successfully',
    '[INFO] Configuring SSSD to work with AD',
    '[INFO] sssd is running',
    '[INFO] Tagging EBS volumes',
    '[INFO] Tagging ENI',
    '[INFO] Setup End Date: Mon May  4 08:12:00 UTC 2026',
    '[INFO] Final bootstrap sequence will be executed post reboot, verifying crontab',
    '[INFO] Rebooting the machine',
  ]
}

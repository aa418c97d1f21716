import { kernel } from './bootstrap-mount.ts'
import type { Desktop } from './desktop.ts'
import { complain, info, part, type Step, say } from './step.ts'

const PINNED = 'NVIDIA-Linux-x86_64-580.95.05-grid-aws.run'
const LATEST = 'NVIDIA-Linux-x86_64-580.105.08-grid-aws.run'
const OPTIONS = '--no-precompiled-interface --run-nvidia-xconfig --no-questions --accept-license --silent'

/** The self-extracting archive prints one dot per block on one line. */
const DOTS = 24_000

/** The NVIDIA driver cannot be built, twice; the bootstrap goes on all the same. */
export function driverFails({ folder }: Desktop): Step[] {
  const file = `${folder}/03_setup_post_reboot.log`
  return [
    say(1_500, file, [
      info('GPU Detected (if any): NVIDIA'),
      info('Detected GPU instance type: g4dn. Installing GPU Drivers for GPU NVIDIA ...'),
      info('Detected NVIDIA GPU'),
      info('Disabling the nouveau open source driver for NVIDIA graphics cards'),
      info('NVIDIA installer automatically disable NOUVEAU driver, no extra configuration is needed'),
      info('g4dn supports both GRID and Tesla drivers'),
      info('DCV Virtual Desktop Machine detected for g4dn, Installing NVIDIA Grid drivers'),
      info('Pinned NVIDIA Grid Driver is: grid-19.4'),
      info('Installing NVIDIA GRID Drivers'),
      'cat: /tmp/.X0-lock: No such file or directory',
    ]),
    ...attempt(file, folder, PINNED),
    complain(
      400,
      file,
      'WARNING',
      `Failed to install pinned driver version ${PINNED}, attempting fallback to latest driver`,
    ),
    ...attempt(file, folder, LATEST),
    complain(
      300,
      file,
      'ERROR',
      `Failed to install latest driver version ${LATEST}. GPU drivers were not installed on this machine. See logs for more details`,
    ),
  ]
}

function attempt(file: string, folder: string, installer: string): Step[] {
  const version = installer.split('-')[3] ?? ''
  return [
    say(2_000, file, [info(`About to install NVIDIA GPU Driver ${installer} with options ${OPTIONS}`)]),
    part(
      500,
      file,
      `Verifying archive integrity... OK\nUncompressing NVIDIA Accelerated Graphics Driver for Linux-x86_64 ${version}`,
    ),
    part(2_500, file, '.'.repeat(DOTS)),
    say(2_500, file, ['', '', ...failure(), '']),
    complain(
      300,
      file,
      'ERROR',
      `Unable to install GPU ${installer} driver, copying /var/log/nvidia-installer.log for troubleshooting`,
    ),
    say(100, `${folder}/nvidia-installer-${installer}.log`, installerLog(installer, version)),
  ]
}

function failure(): string[] {
  return [
    "ERROR: Unable to find the kernel source tree for the currently running kernel.  Please make sure you have installed the kernel source files for your kernel and that they are properly configured; on Red Hat Linux systems, for example, be sure you have the 'kernel-source' or 'kernel-devel' RPM installed.",
    '',
    "ERROR: Installation has failed.  Please see the file '/var/log/nvidia-installer.log' for details.  You may find suggestions on fixing installation problems in the README available on the Linux driver download page at www.nvidia.com.",
  ]
}

function installerLog(installer: string, version: string): string[] {
  return [
    "nvidia-installer log file '/var/log/nvidia-installer.log'",
    'creation time: {{date}}',
    `installer version: ${version}`,
    '',
    'nvidia-installer command line:',
    '    ./nvidia-installer',
    ...OPTIONS.split(' ').map((option) => `    ${option}`),
    '',
    `Using: nvidia-installer ncurses v6 user interface (${installer})`,
    `-> Kernel in use: ${kernel()}`,
    '-> Detected 4 CPUs online; setting concurrency level to 4.',
    ...failure(),
  ]
}

import type { Random } from './random.ts'

const PACKAGES = [
  'abattis-cantarell-fonts',
  'accountsservice',
  'at-spi2-core',
  'bind-utils',
  'cairo-gobject',
  'colord-libs',
  'dejavu-sans-fonts',
  'evolution-data-server',
  'flac-libs',
  'gdm',
  'glib-networking',
  'gnome-desktop3',
  'gnome-session',
  'gnome-shell',
  'gnome-terminal',
  'gstreamer1',
  'gtk3',
  'hwloc-libs',
  'libXcursor',
  'libXrandr',
  'libgpg-error-devel',
  'libnotify',
  'mesa-dri-drivers',
  'mutter',
  'nautilus',
  'openldap-clients',
  'pango',
  'perl-Error',
  'polkit-devel',
  'pulseaudio-libs',
  'realmd',
  'samba-common-tools',
  'sssd-ad',
  'tcl-devel',
  'tk',
  'upower',
  'webkit2gtk3',
  'xorg-x11-server-Xorg',
  'xorg-x11-xauth',
  'zenity',
] as const

const SOURCES = [
  'Libattr',
  'Libutil',
  'Libifl',
  'Libnet',
  'Libtpp',
  'resmom',
  'iff',
  'hooks',
  'tools',
] as const
const OBJECTS = ['attr_fn', 'get_conn', 'list_link', 'mom_comm', 'pbs_ident', 'rm_dep', 'tpp_client'] as const
const CHECKS = [
  'stdlib.h',
  'libical',
  'libedit',
  'hwloc',
  'expat',
  'X11/Intrinsic.h',
  'tcl',
  'crypto',
] as const

/** What yum of EL7 says about an installation of `count` packages. */
export function yumInstall(values: Random, count: number): string[] {
  const chosen = Array.from({ length: count }, () => packageName(values, 'el7'))
  return [
    'Loaded plugins: fastestmirror',
    'Loading mirror speeds from cached hostfile',
    'Resolving Dependencies',
    '--> Running transaction check',
    ...chosen.map((name) => `---> Package ${name} will be installed`),
    '--> Finished Dependency Resolution',
    '',
    'Transaction Summary',
    '='.repeat(80),
    `Install  ${count} Packages`,
    '',
    `Total download size: ${values.int(8, 160)} M`,
    'Running transaction',
    ...chosen.map((name, at) => `  Installing : ${name.padEnd(58)} ${at + 1}/${count} `),
    ...chosen.map((name, at) => `  Verifying  : ${name.padEnd(58)} ${at + 1}/${count} `),
    '',
    'Complete!',
  ]
}

/** What dnf of EL9 says about an installation of `count` packages. */
export function dnfInstall(values: Random, count: number): string[] {
  const chosen = Array.from({ length: count }, () => packageName(values, 'el9'))
  return [
    'Last metadata expiration check: 0:00:52 ago on {{dnf}}.',
    'Dependencies resolved.',
    'Transaction Summary',
    '='.repeat(80),
    `Install  ${count} Packages`,
    '',
    'Downloading Packages:',
    ...chosen.map((name, at) => {
      const speed = `${values.int(1, 9)}.${values.int(0, 9)} MB/s | ${values.int(20, 990)} kB`
      return `(${at + 1}/${count}): ${name.padEnd(48)} ${speed}     00:00    `
    }),
    'Running transaction check',
    'Transaction check succeeded.',
    'Running transaction',
    ...chosen.map((name, at) => `  Installing       : ${name.padEnd(52)} ${at + 1}/${count} `),
    'Complete!',
  ]
}

/** Some lines of a configure and make run, with words that sound worse than they are. */
export function compileRun(values: Random, count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    if (at < count / 4) return `checking for ${values.pick(CHECKS)}... ${values.pick(['yes', 'yes', 'no'])}`
    const object = values.pick(OBJECTS)
    const folder = values.pick(SOURCES)
    return `gcc -DHAVE_CONFIG_H -I. -I../../src/include -g -O2 -MT ${object}.o -c -o ${object}.o ../${folder}/${object}.c`
  })
}

/** The head of a wget run up to where it waits for the name to be resolved: no newline at the end. */
export function wgetStart(url: string): string {
  const host = url.split('/')[2] ?? ''
  return `--{{sec}}--  ${url}\nResolving ${host} (${host})... `
}

/** The rest of a wget run, from the addresses on. */
export function wgetRest(url: string, bytes: number, values: Random): string[] {
  const host = url.split('/')[2] ?? ''
  const file = url.split('/').at(-1) ?? ''
  const address = `13.224.${values.int(2, 90)}.${values.int(2, 250)}`
  const rate = `${values.int(30, 90)}.${values.int(0, 9)}`
  const dots = Array.from({ length: 8 }, (_, at) => {
    const kib = String(Math.floor((bytes / 1024 / 8) * at)).padStart(6)
    const percent = String(Math.floor((100 * at) / 8)).padStart(3)
    return `${kib}K .......... .......... .......... .......... ..........${percent}% ${rate}M 0s`
  })
  return [
    `${address}, 13.224.14.120`,
    `Connecting to ${host} (${host})|${address}|:443... connected.`,
    'HTTP request sent, awaiting response... 200 OK',
    `Length: ${bytes} (${Math.round(bytes / 1_048_576)}M) [application/x-gzip]`,
    `Saving to: ‘${file}’`,
    '',
    ...dots,
    '',
    `{{sec}} (${rate} MB/s) - ‘${file}’ saved [${bytes}/${bytes}]`,
    '',
  ]
}

/** A curl meter as a file gets it: states of one line, parted by carriage returns. */
export function curlMeter(kib: number): string[] {
  const state = (percent: number): string => {
    const got = String(Math.floor((kib * percent) / 100))
    return `${String(percent).padStart(3)} ${`${kib}k`.padStart(5)}  ${String(percent).padStart(3)} ${`${got}k`.padStart(5)}    0     0   9.8M      0  0:00:02  0:00:01 --:--:--  9.8M`
  }
  return [
    '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current',
    '                                 Dload  Upload   Total   Spent    Left  Speed',
    `\r${[0, 14, 37, 58, 83, 100].map(state).join('\r')}`,
  ]
}

/** An rpm installation: the hash marks grow on one line. */
export function rpmInstall(names: readonly string[]): string[] {
  const marks = '#'.repeat(40)
  return [
    `Preparing...                          ${marks}`,
    'Updating / installing...',
    ...names.map((name) => `${name.padEnd(38)}${marks}`),
  ]
}

function packageName(values: Random, release: string): string {
  const version = `${values.int(0, 44)}.${values.int(0, 30)}.${values.int(0, 9)}-${values.int(1, 60)}.${release}`
  return `${values.pick(PACKAGES)}-${version}.x86_64`
}

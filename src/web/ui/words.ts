import type { Layer, Severity } from '../../model.ts'
import type { Status } from '../../triage/diagnosis/status.ts'

/** How something looks: the colour, which an icon repeats without colour. */
export type Tone = 'bad' | 'warn' | 'good' | 'busy' | 'quiet' | 'plain'

export type Word = { readonly title: string; readonly tone: Tone; readonly icon: string }

/** The states of a desktop, worst first. */
export const STATUS_WORDS: Readonly<Record<Status, Word>> = {
  failed: { title: 'Failed', tone: 'bad', icon: 'cross' },
  stalled: { title: 'Stalled', tone: 'warn', icon: 'hourglass' },
  in_progress: { title: 'Starting', tone: 'busy', icon: 'progress' },
  ready: { title: 'Ready', tone: 'good', icon: 'check' },
  stopped: { title: 'Stopped', tone: 'quiet', icon: 'stop' },
  unknown: { title: 'Unknown', tone: 'plain', icon: 'question' },
}

export const STATUS_ORDER = Object.keys(STATUS_WORDS) as Status[]

/** The state of a desktop as a part of a sentence. */
export const STATUS_CLAUSES: Readonly<Record<Status, string>> = {
  failed: 'which failed',
  stalled: 'which stalled',
  in_progress: 'which is starting',
  ready: 'which is ready',
  stopped: 'which was stopped',
  unknown: 'about which little is known',
}

export const SEVERITY_WORDS: Readonly<Record<Severity, Word>> = {
  critical: { title: 'Critical', tone: 'bad', icon: 'cross' },
  error: { title: 'Error', tone: 'bad', icon: 'error' },
  warning: { title: 'Warning', tone: 'warn', icon: 'warning' },
  info: { title: 'Info', tone: 'quiet', icon: 'dot' },
}

/** From least to most severe; `severity=` means at or above. */
export const SEVERITY_ORDER: readonly Severity[] = ['info', 'warning', 'error', 'critical']

export const PHASE_STATE_WORDS: Readonly<Record<string, Word>> = {
  done: { title: 'done', tone: 'good', icon: 'check' },
  failed: { title: 'failed', tone: 'bad', icon: 'cross' },
  running: { title: 'going on', tone: 'busy', icon: 'progress' },
  missing: { title: 'did not end', tone: 'warn', icon: 'hourglass' },
  not_reached: { title: 'not reached', tone: 'quiet', icon: 'skip' },
  skipped: { title: 'no sign of it', tone: 'quiet', icon: 'skip' },
  not_checked: { title: 'not checked', tone: 'plain', icon: 'question' },
}

export const SIGNATURE_STATE_WORDS: Readonly<Record<string, Word>> = {
  new: { title: 'New', tone: 'busy', icon: 'spark' },
  regressed: { title: 'Regressed', tone: 'bad', icon: 'back' },
  acknowledged: { title: 'Acknowledged', tone: 'warn', icon: 'eye' },
  known: { title: 'Known', tone: 'plain', icon: 'book' },
  resolved: { title: 'Resolved', tone: 'good', icon: 'check' },
  ignored: { title: 'Ignored', tone: 'quiet', icon: 'mute' },
}

export const ALERT_STATE_WORDS: Readonly<Record<string, Word>> = {
  firing: { title: 'Firing', tone: 'bad', icon: 'bell' },
  pending: { title: 'Pending', tone: 'warn', icon: 'hourglass' },
  resolved: { title: 'Resolved', tone: 'good', icon: 'check' },
}

/** The phases of a desktop's life, in order. */
export const PHASE_TITLES: Readonly<Record<string, string>> = {
  launch: 'Launch',
  'user-data': 'User data',
  mount: 'Mount',
  setup: 'Setup',
  identity: 'Identity',
  reboot: 'Reboot',
  gpu: 'GPU',
  'dcv-install': 'DCV install',
  session: 'Session',
  'load-balancer': 'Load balancer',
  connect: 'Connect',
}

export const LAYER_TITLES: Readonly<Record<Layer, string>> = {
  product: 'SOCA / EDH',
  environment: 'environment',
  dcv: 'DCV',
  driver: 'driver',
  user: 'user',
}

export const PROFILE_TITLES: Readonly<Record<string, string>> = {
  'soca-2': 'SOCA 2.x',
  'soca-24': 'SOCA 24.10 – 25.1',
  'soca-25': 'SOCA 25.3 – 26.3',
  'edh-26': 'EDH 26.4+',
  host: 'DCV host',
}

export const CONFIDENCE_TITLES: Readonly<Record<string, string>> = {
  certain: 'certain cause',
  likely: 'likely cause',
  possible: 'possible cause',
}

/** How a time was determined, in words. */
export const TIME_QUALITY_TITLES: Readonly<Record<string, string>> = {
  parsed: 'from the log',
  inherited: 'taken from the line before',
  observed: 'when the line appeared',
  mtime: 'when the file was last written',
}

const UNKNOWN_WORD: Word = { title: 'unknown', tone: 'plain', icon: 'question' }

/** The word for a value, even one from a newer service that this page does not know. */
export function wordOf(words: Readonly<Record<string, Word>>, value: string | undefined): Word {
  return words[value ?? ''] ?? { ...UNKNOWN_WORD, title: value ?? 'unknown' }
}

/** `1 desktop`, `3 desktops`. */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : nouns}`
}

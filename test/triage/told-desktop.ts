import { diagnosed, log, type Said, type ToldLog } from './told-story.ts'

export const ANN = { owner: 'ann', session: 'cad', host: 'ip-10-0-0-1' }
export const BOB = { owner: 'bob', session: 'cfd', host: 'ip-10-0-0-2' }
export const HOST = { profile: 'host', cluster: '' }
export const NEW = {
  profile: 'edh-26',
  cluster: 'edh-lab',
  session_uuid: '0c5e7f11-0000-4000-8000-000000000001',
}

export const SETUP: Said[] = [
  'milestone-setup-begin',
  'milestone-identity-begin',
  'milestone-identity-done',
  'milestone-reboot-begin',
]
export const REBOOTED: Said[] = [
  'milestone-reboot-done',
  'milestone-dcv-script-done',
  'milestone-post-reboot-ended',
]
const INSTALLED: Said[] = [
  'milestone-dcv-install-begin',
  'milestone-dcv-install-done',
  'milestone-session-begin',
  'milestone-session-created',
]

/** The three logs of a desktop of SOCA 2, all well but for what is given. */
export function desktop(
  who: typeof ANN,
  other: { setup?: Said[]; rebooted?: Said[]; installed?: Said[] } = {},
): ToldLog[] {
  return [
    log('compute-node', other.setup ?? SETUP, { ...who, end: 20 }),
    log('post-reboot', other.rebooted ?? REBOOTED, { ...who, end: 42 }),
    log('install-dcv', other.installed ?? INSTALLED, { ...who, end: 40 }),
  ]
}

/** Status, phase and rule of each attempt. */
export const short = (logs: readonly ToldLog[], asOf?: number) =>
  diagnosed(logs, asOf).map(({ session, status, verdict }) =>
    [session, status, verdict?.phase, verdict?.rule_id].filter((part) => part !== undefined).join(' '),
  )

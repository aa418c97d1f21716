import { expect, test } from 'vitest'
import type { DiagnosisJson } from '../../src/triage/diagnosis/diagnosis-json.ts'
import { checklistOf } from '../../src/triage/diagnosis/shown/checklist.ts'
import { desktop } from './told-desktop.ts'
import { diagnosed, log } from './told-story.ts'

const ANN = { owner: 'ann', session: 'cad', host: 'ip-10-0-0-1' }

function walk(who: typeof ANN = ANN): DiagnosisJson {
  const setup = log(
    'compute-node',
    ['milestone-setup-begin', 'milestone-identity-begin', 'realm-join-gave-up'],
    { ...who, end: 20 },
  )
  const [one] = diagnosed([setup])
  if (one === undefined) throw new Error('no desktop')
  return one
}

test('each step is answered by its phase, or says what to run', () => {
  const checks = checklistOf(walk())
  const of = (title: string) => checks.find((check) => check.title === title)
  expect(of('The owner is known to the host')).toMatchObject({
    state: 'failed',
    on: 'host',
    command: expect.stringMatching(/^id ann; /),
  })
  expect(of('The stack was created')).toMatchObject({
    state: 'not_checked',
    command: expect.stringContaining('--stack-name soca-lab-cad-ann '),
  })
  expect(of('The session can be created by hand')?.state).toBe('not_checked')
  expect(checks.every(({ command }) => !/[{}]\w+[{}]/.test(command))).toBe(true)
})

test('the logs of the bootstrap are answered by the worst of its phases', () => {
  const ends = (one: DiagnosisJson | undefined) =>
    checklistOf(one ?? walk()).find(({ title }) => title === 'The five ComputeNode logs end well')
  expect(ends(walk())).toMatchObject({ state: 'failed', evidence: [expect.stringContaining('compute-node')] })
  expect(ends(diagnosed(desktop(ANN))[0])?.state).toBe('done')
  expect(ends(diagnosed(desktop(ANN).slice(0, 1), 25)[0])?.state).toBe('running')
})

test('what a user wrote into a name is not put into a command', () => {
  const commands = checklistOf({ ...walk(), session: 'ann;reboot/$(id)', host: '`x`' }).map(
    ({ command }) => command,
  )
  expect(commands.join('\n')).not.toMatch(/;reboot|\$\(id\)|`x`/)
  expect(commands.join('\n')).toContain('id OWNER;')
})

test('Windows desktops and later releases have steps of their own', () => {
  const titles = (one: DiagnosisJson) =>
    checklistOf(one)
      .map(({ command }) => command)
      .join('\n')
  expect(titles({ ...walk(), os: 'windows' })).toContain('Get-Service dcvserver')
  expect(titles({ ...walk(), profile: 'edh-26' })).toContain('socadcv')
  expect(titles(walk())).not.toContain('socadcv')
})

test('commands name the places of the generation, as far as they are known', () => {
  const commands = (profile: string, os: DiagnosisJson['os'] = 'linux') =>
    checklistOf({ ...walk(), profile, os, instance: 'i-0a1b2c3d4e5f60718' })
      .map(({ command }) => command)
      .join('\n')
  const old = commands('soca-2')
  expect(old).toContain('/apps/soca/soca-lab/cluster_node_bootstrap/logs/desktop/ann/cad/*/ComputeNode*.log')
  expect(old).toContain('/apps/soca/soca-lab/cluster_manager/dcv_alb_manager.py.log')
  expect(old).toContain('from linux_dcv_sessions')
  const newest = commands('edh-26')
  expect(newest).toContain('--names edh-ip-10-0-0-1')
  expect(newest).toContain('/opt/edh/soca-lab/cluster_manager/orchestrator/logs/dcv_alb_manager.log')
  expect(newest).toContain('--instance-ids i-0a1b2c3d4e5f60718 ')
  expect(
    checklistOf({ ...walk(), instance: '' })
      .map(({ command }) => command)
      .join(),
  ).toContain('Values=soca-lab-cad-ann ')
  expect(newest).not.toMatch(/\/apps\/soca|linux_dcv_sessions|crontab/)
  expect(commands('soca-25', 'windows')).toContain(
    String.raw`C:\ProgramData\SOCA\i-0a1b2c3d4e5f60718\01_user_data.ps1.log`,
  )
  expect(commands('soca-24', 'windows')).toContain('from windows_dcv_sessions')
  expect(commands('edh-26', 'windows')).not.toMatch(/journalctl|systemctl|su - /)
})

test('the session has the id that its log or the portal gives, and the portal answers for itself', () => {
  const id = '5b0f1c7e-9a44-4d0d-8a07-1f0e9d8c7b6a'
  const begin = {
    rule: 'milestone-session-begin',
    message: `Launching session ... : dcv create-session ${id}`,
    captures: { session: id },
  }
  const [one] = diagnosed([log('install-dcv', [begin], ANN)])
  if (one === undefined) throw new Error('no desktop')
  const checks = checklistOf(one)
  expect(checks.some(({ command }) => command.includes(`dcv describe-session ${id}`))).toBe(true)
  const portal = {
    ...{ state: 'running', is_active: true, created_at: '', deactivated_at: '' },
    ...{ instance: '', instance_type: '' },
  }
  const answer = (diagnosis: DiagnosisJson) =>
    checklistOf(diagnosis).find(({ title }) => title.startsWith('The portal'))?.state
  expect([
    answer(one),
    answer({ ...one, portal }),
    answer({ ...one, portal: { ...portal, is_active: false } }),
  ]).toEqual(['not_checked', 'done', 'missing'])
})

import { expect, it } from 'vitest'
import { diagnosed, log, type Said } from './told-story.ts'

const ANN = { owner: 'ann', session: 'cad', host: 'ip-10-0-0-1', end: 60 }
const on = (instance: string): Said => ({
  rule: 'host-instance-named',
  message: `+ AWS_INSTANCE_ID=${instance}`,
  captures: { instance },
})
const node = (...instances: string[]) =>
  log(
    'compute-node',
    instances.flatMap((one) => ['milestone-setup-begin', on(one), 'milestone-reboot-begin']),
    ANN,
  )
const OLD = 'i-00000000000000017'
const NEW = 'i-00000000000000018'
const FAILED: Said[] = ['milestone-session-begin', 'session-dcvserver-not-running']
const DONE: Said[] = ['milestone-session-begin', 'milestone-session-created']

function told(...logs: Parameters<typeof diagnosed>[0]) {
  return diagnosed(logs).map(({ attempt, instance, status }) => `${attempt} ${instance} ${status}`)
}

it('two instances that wrote into one folder are two attempts', () => {
  expect(told(node(OLD, NEW), log('install-dcv', [...FAILED, ...DONE], ANN))).toEqual([
    `1 ${OLD} failed`,
    `2 ${NEW} ready`,
  ])
})

it('a script that ran once is of the instance that its log names, or of the last', () => {
  const reboot = log('post-reboot', ['milestone-reboot-done', on(OLD)], ANN)
  expect(told(node(OLD, NEW), reboot, log('install-dcv', DONE, ANN))[0]).toBe(`1 ${OLD} stopped`)
  expect(told(node(OLD, NEW), log('install-dcv', DONE, ANN)).at(-1)).toBe(`2 ${NEW} ready`)
})

it('a login is of the attempt that created the session which it names', () => {
  const session = (digit: string) => `0c5e7f11-0000-4000-8000-00000000000${digit}`
  const creating = (digit: string): Said => ({
    rule: 'milestone-session-begin',
    message: `Launching session ... : dcv create-session --owner ann ${session(digit)}`,
    captures: { session: session(digit) },
  })
  const install = log(
    'install-dcv',
    [creating('1'), 'milestone-session-created', creating('2'), 'milestone-session-created'],
    ANN,
  )
  const login = (digit: string): Said => ({
    rule: 'api-auth-denied',
    message: `login of ann to sessionId: ${session(digit)} at ${ANN.host} refused`,
  })
  const portal = (digit: string) =>
    log('web-ui', [login(digit)], { cluster: 'soca-lab', minutes: [70], end: 70 })
  expect(told(node(OLD, NEW), install, portal('2')).at(-1)).toBe(`2 ${NEW} failed`)
  expect(told(node(OLD, NEW), install, portal('1')).at(-1)).toBe(`2 ${NEW} ready`)
})

it('an instance that starts again is one attempt', () => {
  expect(told(node(OLD, OLD), log('install-dcv', DONE, ANN))).toEqual([`1 ${OLD} ready`])
})

it('desktops of two clusters, or of two generations, are not one, though their names and hosts are', () => {
  const session_uuid = '0c5e7f11-0000-4000-8000-000000000001'
  const old = log('install-dcv', FAILED, ANN)
  const of = (cluster: string) =>
    log('setup-post-reboot', ['milestone-reboot-done', 'milestone-node-ready'], {
      ...{ ...ANN, profile: 'soca-25', cluster, session_uuid },
    })
  const seen = (...logs: Parameters<typeof diagnosed>[0]) =>
    diagnosed(logs).map(({ cluster, profile, status }) => `${cluster} ${profile} ${status}`)
  expect(seen(old, of('soca-two'))).toEqual(['soca-lab soca-2 failed', 'soca-two soca-25 ready'])
  expect(seen(old, of('soca-lab'))).toEqual(['soca-lab soca-2 failed', 'soca-lab soca-25 ready'])
})

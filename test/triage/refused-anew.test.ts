import { describe, expect, test } from 'vitest'
import { ANN, desktop, short } from './told-desktop.ts'
import { log, type Said, type ToldLog } from './told-story.ts'

const CLUSTER = { cluster: 'soca-lab' }

const asked = (name: string, more = ''): Said => ({
  rule: 'milestone-launch-requested',
  message: `Received parameter for new Linux DCV session: {'session_name': '${name}'${more}}`,
})
const refused = (message: string): Said => ({ rule: 'api-stack-exists', message })
const EXISTS = refused('Error while trying to provision soca-lab-cad-ann due to AlreadyExistsException')

describe('a request for a desktop that there was before', () => {
  const gone = log(
    'alb-manager',
    [
      'milestone-alb-run-begin',
      { rule: 'milestone-alb-host-gone', message: `/${ANN.host}/* is pointing to no resource` },
    ],
    { ...CLUSTER, minutes: [100, 101] },
  )
  const told = (minute: number, ...more: ToldLog[]) =>
    short([
      ...desktop(ANN),
      ...more,
      log('web-ui', [asked('cad'), EXISTS], { ...CLUSTER, minutes: [minute, minute + 0.1] }),
    ])

  test('is an attempt of its own, if it was gone and the request was refused', () => {
    expect(told(120, gone)).toEqual(['ann/cad stopped', 'ann/cad failed launch api-stack-exists'])
  })

  test('changes nothing while it runs', () => {
    expect(told(120)).toEqual(['ann/cad ready'])
    expect(told(90, gone)).toEqual(['ann/cad stopped'])
  })
})

describe('a refusal that calls the desktop by a number', () => {
  const NUMBERED = refused('Unable to Launch Desktop 1 (owner: ann):  Dry Run failed')
  const told = (said: readonly Said[], minutes: readonly number[]) =>
    short([log('web-ui', said, { ...CLUSTER, minutes })])

  test('is of the desktop that was asked for last', () => {
    expect(told([asked('Old'), asked('BigGpu'), NUMBERED], [1, 9, 9.1])).toEqual([
      'ann/BigGpu failed launch api-stack-exists',
    ])
  })

  test('unless that is the name of one, or nobody asked', () => {
    const failed = ['ann/1 failed launch api-stack-exists']
    expect(told([asked('1'), NUMBERED], [9, 9.1])).toEqual(failed)
    expect(told([asked('BigGpu'), NUMBERED], [1, 9])).toEqual(failed)
  })
})

test('what a host wrote before its mount is of the desktop for which a watcher found that instance', () => {
  const uuid = '4ab2c3ae-bd71-49b4-8b76-c1a6d5f24c60'
  const instance = 'i-0ce4b1c9ed15a8647'
  const found: Said = {
    rule: 'milestone-instance-found',
    message: `New EC2 instance for _session.id=30 _session.session_uuid='${uuid}', _host_instance_id='${instance}'`,
    captures: { session: uuid, instance },
  }
  const place = { profile: 'soca-25', cluster: 'soca-lab' }
  const setup = log('setup', ['milestone-setup-begin', 'ad-cache-missing'], {
    ...{ ...place, owner: 'ralf', session: 'cad', session_uuid: uuid, host: 'ip-10-0-0-5', minutes: [7, 10] },
  })
  const early = log('filesystems-mount', ['nfs-name-unresolved'], { ...place, minutes: [3] })
  const file = `/root/soca_bootstrap_${instance}/logs/filesystems_mount.log`
  const beforeMount = {
    facts: { ...early.facts, file },
    events: early.events.map((event) => ({ ...event, file })),
  }
  const watcher = log('state-watcher', [found], { ...place, minutes: [2] })
  expect(short([setup, beforeMount, watcher])).toEqual(['ralf/cad failed mount nfs-name-unresolved'])
})

test('capacity that all subnets refuse is told by the answer of AWS, not by the sum of it', () => {
  const next: Said = {
    rule: 'api-capacity-next-subnet',
    message: 'An error occurred (InsufficientInstanceCapacity)',
  }
  const all: Said = { rule: 'api-insufficient-capacity', message: 'Unable to find capacity in all subnets' }
  const named = asked('cad', ", 'user': 'ann'")
  const told = (...said: Said[]) =>
    short([log('web-ui', said, { ...CLUSTER, minutes: said.map((_, at) => at / 60) })])
  expect(told(named, next, next, all)).toEqual(['ann/cad failed launch api-capacity-next-subnet'])
  expect(told(named, all)).toEqual(['ann/cad failed launch api-insufficient-capacity'])
  expect(told(named, next)[0]).not.toContain('failed')
})

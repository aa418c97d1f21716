import { expect, test } from 'vitest'
import { diagnosed, log, type Said } from './told-story.ts'

const OWN = { owner: 'ann', session: 'cad', host: 'ip-10-0-0-8' }
const BEGIN: Said[] = ['milestone-gpu-begin', 'nvidia-installer-missing']
const REST: Said[] = ['milestone-gpu-done', 'milestone-dcv-install-done', 'milestone-session-created']

const gpuDesktop = (said: Said[], ...more: ReturnType<typeof log>[]) => {
  const [found] = diagnosed([log('install-dcv', said, { ...OWN, minutes: said.map((_, i) => i) }), ...more])
  return {
    status: found?.status,
    verdict: found?.verdict?.rule_id,
    gpu: found?.phases.find(({ phase }) => phase === 'gpu')?.state,
    findings: found?.findings.map(({ type, rule_id }) => `${type} ${rule_id}`),
  }
}

test('a GPU desktop whose driver is missing has failed, though its script and its session come up', () => {
  expect(gpuDesktop([...BEGIN, ...REST])).toEqual({
    status: 'failed',
    verdict: 'nvidia-installer-missing',
    gpu: 'failed',
    findings: [],
  })
})

test('it works for somebody who uses it, but the failure is told', () => {
  const used: Said = { rule: 'milestone-client-connected', message: 'client is there' }
  const server = log('dcv-server', [used], { profile: 'host', host: OWN.host, cluster: '', minutes: [40] })
  expect(gpuDesktop([...BEGIN, ...REST], server)).toEqual({
    status: 'ready',
    verdict: undefined,
    gpu: 'failed',
    findings: ['impairment nvidia-installer-missing'],
  })
})

test('a second try that the installer finished makes it good', () => {
  expect(gpuDesktop([...BEGIN, 'milestone-gpu-installed', ...REST])).toMatchObject({
    status: 'ready',
    gpu: 'done',
    findings: [],
  })
})

test('a desktop without a GPU has nothing to lose', () => {
  expect(gpuDesktop(['nvidia-installer-missing', ...REST.slice(1)])).toMatchObject({
    status: 'ready',
    findings: [],
  })
})

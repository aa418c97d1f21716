import { expect, it } from 'vitest'
import type { DiagnosisJson } from '../../src/triage/diagnosis/diagnosis-json.ts'
import { withProbes } from '../../src/triage/diagnosis/outside/probe-view.ts'
import type { ProbeAnswer } from '../../src/triage/probe/answer.ts'
import { SILENCE } from '../../src/triage/probe/no-answer-table.ts'
import { PROBE_RULE, Prober } from '../../src/triage/probe/prober.ts'
import { diagnosed, log } from './told-story.ts'

const OPEN: ProbeAnswer = { status: 200, server: 'dcv' }
const DOWN: ProbeAnswer = { status: 502, server: 'awselb/2.0' }

function desktop(session: string, host: string, status: DiagnosisJson['status']): DiagnosisJson {
  const [one] = diagnosed(
    [log('install-dcv', ['milestone-setup-begin'], { owner: 'ann', session, host, end: 1 })],
    2,
  )
  if (one === undefined) throw new Error('there is a desktop')
  return { ...one, status }
}

/** Asks these desktops for some rounds, `others` for all but the first; gives what was asked and what was answered last. */
async function probed(
  desktops: readonly DiagnosisJson[],
  rounds: readonly (ProbeAnswer | 'trouble')[],
  others?: ProbeAnswer,
) {
  const stop = new AbortController()
  const asked: string[] = []
  const troubles: unknown[] = []
  let round = 0
  const prober = new Prober({
    loadBalancer: 'https://viewer.example.com',
    everyMs: 60_000,
    clock: {
      nowMs: () => Date.UTC(2026, 4, 4, 12, round),
      sleep: async () => {
        if (++round >= rounds.length) stop.abort()
      },
    },
    signal: stop.signal,
    ask: async (url) => {
      asked.push(url)
      const answer = rounds[round] as ProbeAnswer
      return others !== undefined && !url.includes('ip-10-0-0-1/') ? others : answer
    },
    desktops: async () => {
      if (rounds[round] === 'trouble') throw new Error('the store is away')
      return desktops
    },
    onTrouble: (error) => troubles.push(error),
  })
  await prober.run()
  return { asked, troubles, seen: withProbes(desktops, prober.probes) }
}

it('desktops that should answer are asked at their address, if it is known', async () => {
  const windows = { ...desktop('g', 'i-0a0000001', 'ready'), traits: { address: 'ip-10-0-0-7' } }
  const { asked } = await probed(
    [
      desktop('a', 'ip-10-0-0-1', 'ready'),
      desktop('b', 'ip-10-0-0-2', 'stopped'),
      desktop('c', 'ip-10-0-0-3', 'failed'),
      desktop('d', 'ip-10-0-0-4', 'in_progress'),
      desktop('e', '', 'ready'),
      desktop('f', 'ip-/../x?y', 'ready'),
      windows,
      desktop('h', 'i-0b0000001', 'ready'),
    ],
    [OPEN],
  )
  expect(asked.sort()).toEqual([
    'https://viewer.example.com/ip-%2F..%2Fx%3Fy/',
    'https://viewer.example.com/ip-10-0-0-1/',
    'https://viewer.example.com/ip-10-0-0-7/',
  ])
  const [seen, unasked] = (await probed([windows, desktop('h', 'i-0b0000001', 'ready')], [DOWN, DOWN])).seen
  expect([seen?.status, unasked?.status]).toEqual(['failed', 'ready'])
})

it('a ready desktop fails with the second wrong answer, and is ready again with the first right one', async () => {
  const ready = [desktop('a', 'ip-10-0-0-1', 'ready')]
  const after = async (...rounds: ProbeAnswer[]) => {
    const [one] = (await probed(ready, rounds)).seen
    return [one?.status, one?.verdict?.rule_id, one?.probe?.status]
  }
  expect(await after(DOWN)).toEqual(['ready', undefined, 502])
  expect(await after(DOWN, DOWN)).toEqual(['failed', PROBE_RULE, 502])
  expect(await after(DOWN, DOWN, OPEN)).toEqual(['ready', undefined, 200])
})

it('an answer that says nothing about a desktop does not make it fail', async () => {
  const login = { status: 302, server: 'awselb/2.0', location: 'https://login.example.com/x' }
  const { seen } = await probed([desktop('a', 'ip-10-0-0-1', 'ready')], [login, login, login])
  expect(seen).toMatchObject([
    { status: 'ready', probe: { ok: false, title: expect.stringContaining('A login stands') } },
  ])
  const mixed = await probed([desktop('a', 'ip-10-0-0-1', 'ready')], [DOWN, login, DOWN])
  expect(mixed.seen).toMatchObject([{ status: 'failed', verdict: { rule_id: PROBE_RULE } }])
})

it('a load balancer that answers for no desktop says nothing about them, one that answers for others does', async () => {
  const two = [desktop('a', 'ip-10-0-0-1', 'ready'), desktop('b', 'ip-10-0-0-2', 'ready')]
  const after = async (answer: ProbeAnswer, others: ProbeAnswer) =>
    (await probed(two, [answer, answer], others)).seen.map(({ status }) => status)
  const silent = { error: SILENCE }
  expect(await after(silent, silent)).toEqual(['ready', 'ready'])
  expect(await after(silent, OPEN)).toEqual(['failed', 'ready'])
  for (const error of ['ECONNREFUSED', 'ETIMEDOUT', 'ECONNRESET', 'EPROTO'])
    expect(await after({ error }, OPEN)).toEqual(['ready', 'ready'])
})

it('the phases of a desktop tell the newest answer of its address', async () => {
  const well = log('setup-post-reboot', ['milestone-reboot-done', 'milestone-node-ready'], {
    ...{ profile: 'edh-26', cluster: 'edh-lab', owner: 'ann', session: 'a', host: 'ip-10-0-0-1' },
    minutes: [1, 2],
  })
  const portal = log('state-watcher', [{ rule: 'milestone-session-running', message: 'ip-10-0-0-1 runs' }], {
    ...{ profile: 'edh-26', cluster: 'edh-lab', minutes: [3] },
  })
  const state = ({ phases }: DiagnosisJson) => phases.find(({ phase }) => phase === 'connect')
  const ready = diagnosed([well, portal])
  expect(ready.map((one) => [one.status, state(one)?.state])).toEqual([['ready', 'done']])
  const { seen } = await probed(ready, [DOWN, DOWN])
  expect(seen.map((one) => [one.status, state(one)?.state, state(one)?.evidence])).toEqual([
    ['failed', 'failed', [expect.stringMatching(/^its address: .* \(502\)$/)]],
  ])
})

it('a desktop whose log stops is ready when its address answers', async () => {
  const { seen } = await probed([desktop('a', 'ip-10-0-0-1', 'stalled')], [OPEN])
  expect(seen).toMatchObject([{ status: 'ready', probe: { ok: true, at: '2026-05-04T12:00:00.000Z' } }])
})

it('trouble with the store ends a round, not the asking', async () => {
  const { asked, troubles } = await probed([desktop('a', 'ip-10-0-0-1', 'ready')], ['trouble', OPEN])
  expect([troubles.length, asked.length]).toEqual([1, 1])
})

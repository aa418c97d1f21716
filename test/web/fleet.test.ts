import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Program, runProgram, startLasting } from '../support/program.ts'
import { bootstrapped } from '../triage/scenarios/bootstrap-desktop.ts'
import { login, webLog } from '../triage/scenarios/bootstrap-portal.ts'
import { desktop } from '../triage/scenarios/desktops.ts'
import { after, upTo } from '../triage/scenarios/edits.ts'
import { EDH_26 } from '../triage/scenarios/generations.ts'
import { plant } from '../triage/scenarios/scenario.ts'

const REBOOT = '[INFO] Rebooting the machine'
const IDENTITY = '[INFO] DCV (Virtual Desktop) Node Detected'
const BOB = desktop('bob/cfd', '10.30.8.5', 0)
const REFUSED =
  'ERROR Unable to authenticate DCV session:  Unable to authenticate this DCV session, combination of session token, instance id, private ip, user is invalid. Make sure remote_addr point to the private IP address of your DCV manager (verify your proxy settings).'
const folder = mkdtempSync(join(tmpdir(), 'dcvlens-fleet-'))
const [root, data] = [join(folder, 'tree'), join(folder, 'data')]
let program: Program
let overview: Record<string, unknown>

beforeAll(async () => {
  plant(root, [
    ...bootstrapped(EDH_26, desktop('ann/cad', '10.30.8.4', 0), {
      '02_setup.log': [after(REBOOT, ...Array.from({ length: 5 }, () => REBOOT))],
      '03_setup_post_reboot.log': 'gone',
    }),
    ...bootstrapped(EDH_26, BOB),
    ...bootstrapped(EDH_26, desktop('cleo/fem', '10.30.8.6', 0), {
      '03_setup_post_reboot.log': [upTo(IDENTITY)],
      messages: 'gone',
    }),
    webLog(EDH_26, ...Array.from({ length: 20 }, (_, i) => login(BOB, 60 + i / 4, BOB.address, REFUSED))),
  ])
  expect((await runProgram(['ingest', '--root', root, '--data', data])).code).toBe(0)
  program = startLasting(['serve', '--root', root, '--data', data, '--port', '0'])
  const answered = await fetch(`${await program.url()}/api/v1/overview?from=5000w`)
  overview = (await answered.json()) as Record<string, unknown>
})

afterAll(async () => {
  await program.kill()
  rmSync(folder, { recursive: true, force: true })
})

describe('the overview', () => {
  it('counts no notes among the failures over time', () => {
    const severities = (overview['trend'] as Record<string, unknown>[]).map(({ severity }) => severity)
    expect(severities.length).toBeGreaterThan(0)
    expect(severities).not.toContain('info')
  })

  it('tells which desktops restart again and again, how often and when', () => {
    expect(overview['findings']).toContainEqual(
      expect.objectContaining({
        ...{ rule_id: 'repeat-reboots', session: 'ann/cad', host: 'ip-10-30-8-4', cluster: 'edh-lab' },
        ...{ severity: 'critical', count: 6, last_seen: '2026-05-04T08:12:00.000000Z' },
      }),
    )
  })

  it('tells what befalls a whole cluster', () => {
    const { session, ...found } = (overview['findings'] as Record<string, unknown>[]).find(
      ({ per }) => per === 'cluster',
    ) ?? { session: 'none' }
    expect(session).toBeUndefined()
    expect(found).toMatchObject({ rule_id: 'repeat-login-refusals', count: 20, cluster: 'edh-lab' })
  })

  it('tells of a desktop that is stalled what it waits for', () => {
    const failing = overview['failing'] as Record<string, unknown>[]
    const stalled = failing.find(({ session }) => session === 'cleo/fem')
    const something = expect.stringMatching(/./)
    expect(stalled).toMatchObject({
      status: 'stalled',
      waits_for: { after: something, for: expect.arrayContaining([something]) },
    })
  })
})

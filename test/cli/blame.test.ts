import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../support/program.ts'
import { jsonLines, writeLog } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

const SETUP_LOG =
  'apps/soca/soca-x/shared/logs/bootstrap/dcv_node/ann/desk/3f1c9d3e-0a51-4d53-9a77-0c2f6e1b7a10/9b2d7c64-51d0-4a8e-8a15-6f0e4f0c2d11/ip-10-0-0-2/02_setup.log'
const JOIN_BEGINS = 'Trying to join Active Directory ... '
const JOIN_FAILS = "realm: Couldn't join realm: Insufficient permissions to join the domain"

/** What blame says of a desktop whose setup log has these lines, each written so many seconds ago. */
async function blamed(lines: readonly (readonly [secondsAgo: number, text: string])[]) {
  const root = tempDir()
  const stamp = (ago: number) =>
    new Date(Date.now() - ago * 1000).toISOString().slice(0, 23).replace('T', ' ').replace('.', ',')
  const text = lines.map(([ago, line]) => `[${stamp(ago)}] [INFO] ${line}\n`).join('')
  writeLog(join(root, SETUP_LOG), text, new Date().toISOString())
  const args = ['blame', '--root', root, root]
  const [told, json] = [await runProgram(args), await runProgram([...args, '--json'])]
  return { table: told.stdout.split('\n').slice(1), phases: jsonLines(json.stdout)[0]?.['phases'] }
}

describe('blame', () => {
  it('puts the phase that failed on top, with the time until then', async () => {
    const setup = [9000, 'Setup Start Date: Sat May  2 09:03:00 UTC 2026'] as const
    const { table, phases } = await blamed([
      setup,
      [8600, JOIN_BEGINS],
      [8300, JOIN_FAILS],
      [8200, 'Setup Ended'],
    ])
    expect(table[1]).toMatch(/^ *300 s +120 s {2}product {2}identity +FAILED after this time$/)
    expect(phases).toMatchObject([{ phase: 'identity', state: 'failed', duration_s: 300, usual_s: 120 }])
  })

  it('puts the phase that goes on on top, with the time so far', async () => {
    const { table, phases } = await blamed([[400, JOIN_BEGINS]])
    expect(table[1]).toMatch(/^ *4\d\d s +120 s {2}product {2}identity +running so far$/)
    expect(phases).toMatchObject([{ phase: 'identity', state: 'running', usual_s: 120 }])
  })

  it('measures a phase by the desktops like it that are ready', async () => {
    const root = tempDir()
    const stamp = (second: number) => new Date(Date.UTC(2026, 4, 2, 9, 0, second)).toISOString().slice(0, 19)
    for (const [index, seconds] of [100, 110, 120, 700].entries()) {
      const line = (second: number, text: string) =>
        `[${stamp(second).replace('T', ' ')},000] [INFO] ${text}\n`
      const folder = SETUP_LOG.replace('/desk/', `/desk${index}/`).replace('10-0-0-2', `10-0-0-${index + 3}`)
      const setup = `${line(0, JOIN_BEGINS)}${line(seconds, ' * Successfully enrolled machine in realm')}`
      writeLog(join(root, folder), setup, '2026-05-02T09:30:00Z')
      const ready = line(seconds + 60, 'Bootstrap Sequence Completed: Node Ready')
      writeLog(join(root, folder.replace('02_setup', '03_setup_post_reboot')), ready, '2026-05-02T09:30:00Z')
    }
    const { stdout } = await runProgram(['blame', '--root', root, root])
    expect(stdout).toMatch(/^700 s +110 s {2}3 desktops like it {2}identity +done, 6\.4 times the usual$/m)
  })

  it('says of a desktop that hangs which phase it never finished', async () => {
    const { table } = await blamed([[90_000, JOIN_BEGINS]])
    expect(table[1]).toMatch(/^ *900\d\d s +120 s {2}product {2}identity +not finished so far$/)
  })

  it('says of a phase that failed in a log without times that nothing tells how long it took', async () => {
    const root = tempDir()
    const folder = 'apps/soca/soca-x/cluster_node_bootstrap/logs/desktop/ann/desk/ip-10-0-0-2'
    writeLog(join(root, folder, 'ComputeNode.sh.log'), `+ true\n${JOIN_FAILS}\n`, '2026-05-02T09:00:00Z')
    const { stdout } = await runProgram(['blame', '--root', root, root])
    expect(stdout.split('\n')[2]).toMatch(
      /^ *\? +\d+ s {2}product {2}identity +FAILED, after an unknown time$/,
    )
  })
})

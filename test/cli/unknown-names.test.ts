import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writePortal } from '../support/portal-database.ts'
import { type Program, runProgram, startLasting } from '../support/program.ts'
import { READY, TWO_RULES, writeSampleCluster } from '../support/sample-cluster.ts'

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-unknown-'))
const [root, data, rules] = [join(folder, 'root'), join(folder, 'data'), join(folder, 'rules')]

beforeAll(async () => {
  writeSampleCluster(root)
  mkdirSync(join(rules, 'signatures'), { recursive: true })
  writeFileSync(join(rules, 'signatures', 'two.yaml'), TWO_RULES)
  await runProgram(['ingest', '--root', root, '--data', data, '--rules', rules])
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is said of a question, its exit code first. */
async function asked(...args: string[]): Promise<[code: number | null, stdout: string, stderr: string]> {
  const { code, stdout, stderr } = await runProgram([...args, '--data', data])
  return [code, stdout, stderr]
}

const UNKNOWN: readonly (readonly [args: string[], text: string, hint: string])[] = [
  [['timeline', 'omar/Viz8'], 'no desktop of this name is known: omar/Viz8', 'Did you mean omar/Viz7?'],
  [
    ['diagnose', 'omar/Viz8'],
    'omar/Viz8: neither a path that is there nor a desktop that the store knows',
    'Did you mean omar/Viz7?',
  ],
  [
    ['timeline', 'nobody'],
    'no desktop of this name is known: nobody',
    'A desktop is written owner/name, a host by its name; `dcvlens sessions` shows all.',
  ],
  [
    ['trends', '--rule', 'milestone-node-redy'],
    'there is no rule milestone-node-redy',
    'Did you mean milestone-node-ready',
  ],
  [
    ['trends', '--rule', 'repeat-oom'],
    'no event of repeat-oom is stored: it looks at several events, and only a running service stores where it holds',
    '`dcvlens diagnose --all` shows where it holds.',
  ],
  [['search', 'x', '--rule', '?'], 'there is no rule ?', '`dcvlens rules list` shows all ids.'],
  [['timeline', READY, '--source', 'setpu-x'], '--source setpu-x is not a kind of log', 'Use one of '],
  [
    ['search', 'x', '--source', 'dcv-servr'],
    '--source dcv-servr is not a kind of log',
    'Did you mean dcv-server',
  ],
]

async function refusesAll(): Promise<void> {
  for (const [args, text, hint] of UNKNOWN) {
    const [code, stdout, stderr] = await asked(...args)
    expect([args, code, stdout]).toEqual([args, 2, ''])
    expect(stderr.startsWith(`dcvlens: ${text}\n  ${hint}`), stderr).toBe(true)
  }
}

describe('a name that nobody knows', () => {
  it('is refused with those that are spelt like it', refusesAll)

  it('is refused by the running service, too', { timeout: 240_000 }, async () => {
    const service: Program = startLasting(['serve', '--root', root, '--data', data, '--port', '0'])
    try {
      await service.url()
      await refusesAll()
    } finally {
      await service.stop()
    }
  })

  it('is a mistake in rules explain', async () => {
    const [code, , stderr] = await asked('rules', 'explain', 'x', '--profile', 'edh-27')
    expect([code, stderr.split('\n')[0]]).toEqual([2, 'dcvlens: --profile cannot be "edh-27"'])
    expect(stderr).toContain('Did you mean edh-26?')
  })
})

describe('a name that is known and has nothing to show', () => {
  it('is the id of a rule that is only in stored events', async () => {
    expect((await asked('trends', '--rule', 'own-unit'))[0]).toBe(0)
    expect(await asked('search', 'no such text', '--rule', 'own-unit')).toEqual([
      0,
      '',
      'no line contains it\n',
    ])
  })

  it('is a desktop without an event, of which lines are promised only where there are some', async () => {
    const host = 'ip-10-8-3-99'
    const log = join(
      root,
      `apps/soca/soca-blue/cluster_node_bootstrap/logs/desktop/mira/Quiet/${host}/ComputeNode.sh.log`,
    )
    mkdirSync(join(log, '..'), { recursive: true })
    writeFileSync(log, 'all is quiet\n')
    await runProgram(['ingest', '--root', root, '--data', data])
    const quiet = await asked('timeline', 'mira/Quiet')
    expect(quiet).toEqual([0, '', 'no event is known of mira/Quiet; its lines are shown with --all\n'])
    const row = { user: 'eve', session_name: 'gone', session_state: 'pending', is_active: 1 }
    await writePortal(join(root, 'apps/soca/soca-blue/cluster_web_ui/db.sqlite'), {
      linux_dcv_sessions: [{ ...row, created_on: '2026-02-10 09:00:00.000000' }],
    })
    const none = 'eve/gone has no line that is stored; what is known of it: dcvlens diagnose eve/gone\n'
    expect(await asked('timeline', 'eve/gone', '--root', root)).toEqual([0, '', none])
  })
})

import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram, startProgram } from '../support/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-cli-signatures-'))
const root = join(folder, 'tree')
const data = join(folder, 'data')

const FIRST = 'apps/soca/soca-x/cluster_node_bootstrap/logs/desktop/user1/Desk1/ip-10-0-0-1'

type Shown = Record<string, unknown> & { readonly id: string }
const run = (...args: string[]) => runProgram([...args, '--data', data])
const jsonOf = (stdout: string) =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Shown)
const list = async (...args: string[]) => jsonOf((await run('signatures', '--json', ...args)).stdout)

beforeAll(async () => {
  for (const n of [1, 2]) {
    const desktop = join(
      root,
      `apps/soca/soca-x/cluster_node_bootstrap/logs/desktop/user${n}/Desk${n}/ip-10-0-0-${n}`,
    )
    mkdirSync(desktop, { recursive: true })
    const lines = [
      `frobnicator ${n} failed to engage the sprockets of pump`,
      `frobnicator ${n}7 failed to engage the sprockets of pump`,
      'Error: Unable to find a match: nice-xdcv',
    ]
    writeFileSync(join(desktop, 'ComputeNode.sh.log'), `${lines.join('\n')}\n`)
  }
  await runProgram(['ingest', '--root', root, '--data', data])
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('signatures', () => {
  it('lists rules and templates alike', async () => {
    const [template, rule, ...others] = await list()
    expect(others).toEqual([])
    expect(template).toMatchObject({
      kind: 'template',
      title: 'frobnicator <num> failed to engage the sprockets of pump',
      ...{ count: 4, sessions: 2, hosts: 2, state: 'new', escalating: false, profiles: ['soca-2'] },
    })
    expect(template?.id).toMatch(/^[0-9a-f]{16}$/)
    expect(template?.['example']).toMatch(/^frobnicator \d+ failed/)
    expect(template?.['trend']).toHaveLength(24)
    expect(rule).toMatchObject({
      id: 'package-not-found',
      kind: 'rule',
      count: 2,
      sessions: 2,
      state: 'known',
    })
    const table = await run('signatures')
    expect(table.stdout).toContain('frobnicator <num> failed to engage')
    expect(await list('--kind', 'rule')).toHaveLength(1)
    expect(await list('--state', 'ignored')).toEqual([])
    expect((await run('search', 'frobnicator 17', '--json')).stdout).toContain(
      `"template_id":"${template?.id}"`,
    )
  })

  it('keeps what was decided', async () => {
    const [{ id } = { id: '' }] = await list('--kind', 'template')
    const acked = await run('signatures', 'ack', id, '--note', 'on it')
    expect([acked.code, acked.stdout.split('\n')[0]]).toEqual([
      0,
      `${id} is acknowledged now: frobnicator <num> failed to engage the sprockets of pump`,
    ])
    expect((await list('--state', 'acknowledged')).map((shown) => [shown.id, shown['note']])).toEqual([
      [id, 'on it'],
    ])
    const ignored = await run('signatures', 'ignore', id, '--until', '7d', '--below', '9', '--json')
    expect(jsonOf(ignored.stdout)[0]).toMatchObject({ state: 'ignored', below: 9 })
    await run('signatures', 'resolve', 'package-not-found')
    expect((await list('--kind', 'rule'))[0]).toMatchObject({ state: 'resolved' })
    await run('signatures', 'reopen', id)
    expect((await list('--kind', 'template'))[0]).toMatchObject({ state: 'new' })
  })

  it('knows who decided what, and what became of it by itself', async () => {
    const id = 'package-not-found'
    await run('signatures', 'resolve', id, '--by', 'ann', '--note', 'mirror is back')
    appendFileSync(join(root, FIRST, 'ComputeNode.sh.log'), 'Error: Unable to find a match: nice-dcv-gl\n')
    await runProgram(['ingest', '--root', root, '--data', data])
    const before = await run('signatures', 'history', id, '--json')
    const steps = (stdout: string) =>
      jsonOf(stdout).map((one) => `${one['author']} ${one['action']}: ${one['state']}`)
    const me = userInfo().username
    expect(steps(before.stdout).slice(-2)).toEqual(['ann resolve: resolved', 'dcvlens regressed: regressed'])
    await run('signatures', 'ack', id)
    const after = await run('signatures', 'history', id, '--json')
    expect(steps(after.stdout).slice(-3)).toEqual([
      'ann resolve: resolved',
      'dcvlens regressed: regressed',
      `${me} ack: acknowledged`,
    ])
    const table = await run('signatures', 'history', id)
    expect(table.stdout).toMatch(/ann +resolve +resolved +mirror is back/)
    expect((await run('signatures', 'history', 'nothing')).code).toBe(2)
  })

  it('makes a draft of a rule from one', async () => {
    const [{ id } = { id: '' }] = await list('--kind', 'template')
    const { code, stdout } = await run('rules', 'new', '--from-signature', id)
    expect(code).toBe(0)
    expect(stdout).toContain('literal: failed to engage the sprockets of pump')
  })

  it('says what is wrong with the question', async () => {
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [['signatures', 'ack', 'nothing'], 'no signature has the id nothing'],
      [['signatures', 'ack'], "missing required argument 'ID'"],
      [['signatures', 'ignore', 'x', '--until', '2001-01-01'], '--until 2001-01-01 is in the past'],
      [['signatures', 'ignore', 'x', '--until', 'soon'], '--until soon is not a time'],
      [['signatures', 'ignore', 'x', '--below', 'few'], '--below must be a whole number'],
      [['signatures', 'ack', 'x', '--until', '2h'], "unknown option '--until'"],
      [['signatures', '--state', 'odd'], '--state must be one of new, acknowledged'],
      [['signatures', '--kind', 'odd'], '--kind must be rule or template'],
      [['rules', 'new'], 'give either --from or --from-signature'],
      [['rules', 'new', '--from-signature', 'nothing'], 'no signature has the id nothing'],
    ]
    const inOrder = wrong.filter(([args]) => args.includes('nothing'))
    const answers = new Map(
      await Promise.all(
        wrong
          .filter((one) => !inOrder.includes(one))
          .map(async ([args]) => [args, await run(...args)] as const),
      ),
    )
    for (const [args, text] of wrong) {
      const { code, stderr } = answers.get(args) ?? (await run(...args))
      expect([args, code, stderr]).toEqual([args, 2, expect.stringContaining(text)])
    }
  })

  it('is answered by the service that holds the data directory, which keeps what is known of templates', async () => {
    const before = await list('--kind', 'template')
    const service = startProgram(['serve', '--root', root, '--data', data, '--port', '0'])
    const url = await service.url()
    const page = (await (await fetch(`${url}/api/v1/signatures?kind=template`)).json()) as { items: Shown[] }
    expect(page.items.map(({ id, title }) => [id, title])).toEqual(before.map(({ id, title }) => [id, title]))
    expect((await list('--kind', 'template')).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    await service.stop()
  })
})

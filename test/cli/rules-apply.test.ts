import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { runProgram, startProgram } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

const at = (second: number) => `2026-05-04 10:00:${String(second).padStart(2, '0')},123`
const SETUP =
  'apps/soca/soca-lab/cluster_node_bootstrap/logs/dcv_node/ann/cad/0c5e7f11-0000-4000-8000-000000000001/ip-10-0-0-1/02_setup.log'
const FILES: Readonly<Record<string, string>> = {
  [SETUP]: `[${at(1)}] [INFO] Setup Start Date: Mon May  4 10:00:01 UTC 2026
[${at(2)}] [WARNING] Widget store is half full
[${at(3)}] [ERROR] Widget store cannot be mounted
[${at(4)}] [ERROR] Unable to tag the widget store
`,
  'var/log/dcv/server.log': `2026-05-04 10:01:00,123456 [  1410:1410  ] WARN  frontend-handler - Invalid connection request from client '10.0.0.38:2098': unknown session 'cad'
2026-05-04 10:01:01,123456 [  1410:1410  ] INFO  connection - all is well
`,
}

const rule = (version: number, literal: string) =>
  JSON.stringify({
    ...{ id: 'widget-store', version, status: 'draft', title: 'Widget store', severity: 'critical' },
    ...{ layer: 'user', phase: 'mount', match: { literal }, explain: 'Why.', remedy: ['Do.'] },
    samples: { match: [`the ${literal} here`], no_match: ['widget'] },
  })

const GENERAL = 'general-change-failed'
const TRIED = {
  ...{ events: 1, sessions: 1, sessions_ready: 0 },
  examples: ['Widget store cannot be mounted'],
}
const APPLIED = [
  { rule_id: 'widget-store', added: 1, removed: 0 },
  { rule_id: GENERAL, added: 0, removed: 1 },
]

const SINCE = ['--since', '2026-01-01']

it('rules are tried on stored lines, applied to them, changed and taken back', {
  timeout: 120_000,
}, async () => {
  const { own, tree, data, common } = madeTree()
  const apply = () => run('rules', 'apply', ...SINCE, ...common)
  const totals = () => totalsIn(data)
  await run('ingest', '--root', tree, ...data, '--json')

  // Nothing changed, so nothing changes.
  expect(await apply()).toEqual([])
  const before = await totals()

  // A draft leaves no trace.
  writeFileSync(own, rule(1, 'Widget store cannot'))
  expect(await run('rules', 'backtest', own, ...SINCE, ...common)).toEqual([TRIED])
  expect(await totals()).toEqual(before)
  // Nor does one find what is of another version.
  const ofOld = { ...JSON.parse(rule(1, 'Widget store cannot')), source: { versions: '<24.10' } }
  writeFileSync(own, JSON.stringify(ofOld))
  expect(await run('rules', 'backtest', own, ...SINCE, ...common)).toMatchObject([{ events: 0 }])
  writeFileSync(own, rule(1, 'Widget store cannot'))

  // A new rule explains what only a general one knew, once.
  expect(await apply()).toEqual(APPLIED)
  const after = await totals()
  expect(after.get('widget-store')).toBe(1)
  expect(Number(before.get(GENERAL)) - Number(after.get(GENERAL) ?? 0)).toBe(1)
  expect(await apply()).toEqual([])

  // Another severity counts without another version, and leaves one event.
  writeFileSync(own, rule(1, 'Widget store cannot').replace('"critical"', '"warning"'))
  expect(await apply()).toEqual([{ rule_id: 'widget-store', added: 1, removed: 1 }])
  expect((await totals()).get('widget-store')).toBe(1)
  expect(await run('signatures', ...data, '--json')).toContainEqual(
    expect.objectContaining({ id: 'widget-store', severity: 'warning' }),
  )
  expect(await apply()).toEqual([])

  // A changed rule replaces its events, one that matches no more takes them along.
  writeFileSync(own, rule(2, 'Widget store is'))
  expect(await apply()).toContainEqual({ rule_id: 'widget-store', added: 1, removed: 1 })
  expect((await totals()).get('widget-store')).toBe(1)
  writeFileSync(own, rule(3, 'quite other words'))
  expect(await apply()).toEqual([{ rule_id: 'widget-store', added: 0, removed: 1 }])
  expect((await totals()).get(GENERAL)).toBe(before.get(GENERAL))
  expect((await totals()).has('widget-store')).toBe(false)
})

it('the service that holds the store tries and applies them, and goes on storing', {
  timeout: 120_000,
}, async () => {
  const { own, tree, data, common } = madeTree()
  const [, rules = ''] = common.slice(2)
  const service = startProgram(['serve', '--root', tree, ...data, '--rules', rules, '--port', '0'])
  await service.url()
  const counted = async (id: string, count: number) =>
    vi.waitFor(async () => expect((await totalsIn(data)).get(id)).toBe(count), {
      timeout: 30_000,
      interval: 200,
    })
  await counted(GENERAL, 1)

  writeFileSync(own, rule(1, 'Widget store cannot'))
  expect(await run('rules', 'backtest', own, ...SINCE, ...common)).toEqual([TRIED])
  await vi.waitFor(() => expect(service.stderr()).toContain('rules changed'), { timeout: 30_000 })
  expect(await run('rules', 'apply', ...SINCE, ...common)).toEqual(APPLIED)
  await counted('widget-store', 1)
  expect((await totalsIn(data)).has(GENERAL)).toBe(false)

  appendFileSync(join(tree, SETUP), `[${at(5)}] [ERROR] Widget store cannot be mounted\n`)
  await counted('widget-store', 2)
  expect(await run('rules', 'apply', ...SINCE, ...common)).toEqual([])
  const others = await runProgram(['rules', 'apply', ...SINCE, ...data])
  expect(others).toMatchObject({ code: 2, stdout: '' })
  expect(others.stderr).toMatch(
    /^dcvlens: the service classifies by other rules \(\w+\) than these \(\w+\)\n/,
  )
  expect(await service.stop()).toEqual({ code: 0, signal: null })
})

/** A tree of logs, a folder for rules, and the options that name them. */
function madeTree() {
  const dir = tempDir()
  const own = join(dir, 'rules', 'signatures', 'own.yaml')
  const tree = join(dir, 'tree')
  const data = ['--data', join(dir, 'data')]
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(tree, name)), { recursive: true })
    writeFileSync(join(tree, name), text)
  }
  mkdirSync(dirname(own), { recursive: true })
  return { own, tree, data, common: [...data, '--rules', join(dir, 'rules'), '--json'] }
}

/** Events by rule. */
async function totalsIn(data: readonly string[]) {
  const rows = await run('trends', '--from', '2026-01-01', '--bucket', '1d', ...data, '--json')
  return new Map(rows.map((row) => [row['rule_id'], row['count']]))
}

/** Runs a command that must succeed; gives its lines of JSON. */
async function run(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await runProgram(args)
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ran } from '../support/built.ts'
import { type Front, startFront } from '../support/clickhouse-front.ts'
import { committedFiles, runProgram } from '../support/program.ts'
import {
  FAILED,
  jsonLines,
  READY,
  SAMPLE_FILES,
  SECRET,
  SERVER_LOG,
  TWO_RULES,
  writeSampleCluster,
} from '../support/sample-cluster.ts'
import { readStore, type StoreContents, storeFaults } from '../support/tiling.ts'

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-ask-'))
const root = join(folder, 'root')
const rules = join(folder, 'rules')
const own = ['--rules', rules]
let front: Front

beforeAll(async () => {
  writeSampleCluster(root)
  mkdirSync(join(rules, 'signatures'), { recursive: true })
  writeFileSync(join(rules, 'signatures', 'two.yaml'), TWO_RULES)
  front = await startFront({ dataDir: join(folder, 'server') })
})

afterAll(async () => {
  await front.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Asks the server. */
const ask = (...args: string[]): Promise<Ran> =>
  runProgram([...args, '--store', front.url, '--data', join(folder, 'for-server'), ...own])

async function items(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await ask(...args, '--json')
  expect([code, stderr]).toEqual([0, ''])
  return jsonLines(stdout)
}

const ruleIds = (rows: readonly Record<string, unknown>[]) => rows.map((row) => row['rule_id'])

describe('an empty store', () => {
  it('has nothing to tell, which is no failure', async () => {
    const asked = [['sessions'], ['trends'], ['search', 'anything']]
    const answers = await Promise.all(asked.map((args) => ask(...args)))
    expect(answers.map(({ code, stdout, stderr }) => [code, stdout, stderr])).toEqual([
      [0, '', expect.stringMatching(/^The store has no line yet\. .+\nno desktops are known yet\n$/)],
      [0, '', expect.stringMatching(/^The store has no line yet\. .+\nno failures\n$/)],
      [0, '', expect.stringMatching(/^The store has no line yet\. .+\nno line contains it\n$/)],
    ])
  })
})

describe('ingest', () => {
  const ingest = (data: string, ...args: string[]) =>
    runProgram(['ingest', '--root', root, '--data', join(folder, data), ...own, ...args])
  const written = (data: string) => {
    const ids = new Map(committedFiles(join(folder, data)).map((file) => [file.reader.offset, file.fileId]))
    return Object.entries(SAMPLE_FILES).map(([path, content]) => ({
      ...{ path, content, fileId: ids.get(content.length) ?? 'none', generation: 0 },
      encoding: content[0] === 0xff ? ('utf16le' as const) : ('utf8' as const),
      head: /^(?:\d{4}-\d\d-\d\d [\d:]{8},\d+ \[.*?\] \w+ +[\w-]+ - |\[[^\]]*\] \[\w+\] |[\d-]+ [\d:]+ \w+: )/,
    }))
  }
  const stored: Record<string, StoreContents> = {}

  it('stores every file once, in the engine and in a server, however often it is run', async () => {
    const twice = async (data: string, ...store: string[]) => {
      const first = await ingest(data, ...store)
      expect([first.code, first.stdout]).toEqual([
        0,
        expect.stringMatching(/^2\d new lines of 6 files stored/),
      ])
      const second = await ingest(data, '--json', ...store)
      expect(jsonLines(second.stdout)).toEqual([
        expect.objectContaining({ lines: 0, files: 6, passed_over: 0, not_read: [] }),
      ])
    }
    await Promise.all([twice('for-engine'), twice('for-server', '--store', front.url)])
    stored['engine'] = await readStore({ folder: join(folder, 'for-engine', 'store') })
    stored['server'] = await readStore({ url: front.url })
    expect(stored['server'].lines.length).toBe(stored['engine'].lines.length)
  })

  it('stores rows that tile the bytes of each file, with its text', () => {
    for (const [kind, data] of [
      ['engine', 'for-engine'],
      ['server', 'for-server'],
    ] as const) {
      const lines = stored[kind]?.lines ?? []
      const clean = written(data).filter(({ content }) => !content.includes(SECRET))
      const ids = new Set(clean.map(({ fileId }) => fileId))
      expect(
        storeFaults(
          lines.filter(({ file_id }) => ids.has(file_id)),
          clean,
        ),
      ).toEqual([])
      expect([...new Set(lines.map(({ file }) => file))].sort()).toEqual(Object.keys(SAMPLE_FILES).sort())
      expect(lines.filter(({ message }) => message.includes(SECRET))).toEqual([])
    }
  })

  it('makes no difference between the engine and a server when asked', async () => {
    for (const args of [['sessions'], ['search', 's', '--limit', '1000']]) {
      const engine = await runProgram([...args, '--json', '--data', join(folder, 'for-engine'), ...own])
      // Each data directory gives its files ids of its own.
      const withoutIds = (rows: Record<string, unknown>[]) =>
        rows.map((row) => ({ ...row, file_id: '', event_id: '' }))
      expect([engine.code, engine.stderr]).toEqual([0, ''])
      expect(withoutIds(jsonLines(engine.stdout))).toEqual(withoutIds(await items(...args)))
      expect(jsonLines(engine.stdout).length).toBeGreaterThan(1)
    }
  })
})

describe('sessions', () => {
  it('are listed newest first, as objects and as a table', async () => {
    const sessions = await items('sessions')
    expect(sessions).toEqual([
      {
        ...{ session: FAILED, cluster: 'soca-blue', owner: 'mira', name: 'CadDesktop1', attempts: 1 },
        ...{ host: 'ip-10-8-0-21', profile: 'soca-2', os: 'linux', status: 'failed', phase: 'setup' },
        first_seen: '2026-02-10T08:40:00.000000Z',
        last_seen: '2026-02-10T09:00:00.000000Z',
        ...{ failures: 1, last_rule_id: 'package-dependency-failed' },
        verdict_title: 'Packages do not fit together',
      },
      expect.objectContaining({ session: READY, status: 'ready', failures: 0, profile: 'edh-26' }),
    ])
    const [head, ...rows] = (await ask('sessions', '--utc')).stdout.trimEnd().split('\n')
    expect(head).toMatch(
      /^STATUS +SESSION +CLUSTER +HOST +PROFILE +PHASE +LAST LINE +FAILURES +LAST FAILURE$/,
    )
    expect(rows).toEqual([
      expect.stringMatching(
        /^failed +mira\/CadDesktop1 .* 2026-02-10 09:00:00 +1 {2}package-dependency-failed$/,
      ),
      expect.stringMatching(/^ready +omar\/Viz7 .* 2026-02-10 08:16:09 +0$/),
    ])
  })

  it('are chosen by owner, time and number', async () => {
    const chosen = async (...options: string[]) =>
      (await items('sessions', ...options)).map(({ session }) => session)
    expect(
      await Promise.all([
        chosen('--owner', 'omar'),
        chosen('--limit', '1'),
        chosen('--from', '2026-02-10T08:30:00Z'),
        chosen('--to', '2026-02-10T08:30:00Z'),
        chosen('--from', '1h'),
      ]),
    ).toEqual([[READY], [FAILED], [FAILED], [READY], []])
  })
})

describe('a timeline', () => {
  it('tells what happened, in order, and marks times that the log does not give', async () => {
    expect(ruleIds(await items('timeline', FAILED))).toEqual([
      'milestone-reboot-begin',
      'package-dependency-failed',
    ])
    const { stdout } = await ask('timeline', FAILED, '--utc')
    expect(stdout).toMatch(/^── reboot\n/)
    expect(stdout).toMatch(
      /\n2026-02-10 09:00:00~ install-dcv +package-dependency-failed {2}error: Failed dependencies: {2}ComputeNodeInstallDCV\.log, byte 22\n/,
    )
    const all = await ask('timeline', READY, '--all', '--utc')
    expect(
      all.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => line.slice(0, 21)),
    ).toEqual([
      '2026-02-10 08:16:02  ',
      ...Array(2).fill('2026-02-10 08:16:02~ '),
      '── session',
      '2026-02-10 08:16:09  ',
    ])
  })

  it('has an event of two rules twice, and --limit counts events', async () => {
    const two = ['own-firewall', 'own-unit']
    expect(ruleIds(await items('timeline', READY))).toEqual([...two, 'milestone-node-ready'])
    expect(ruleIds(await items('timeline', READY, '--limit', '1'))).toEqual(two)
  })
})

describe('trends', () => {
  it('count failures by time, rule and desktop', async () => {
    const counts = async (...args: string[]) =>
      (await items('trends', ...args)).map(({ bucket, rule_id, count }) => [bucket, rule_id, count])
    const unknown = ['2026-02-10T08:00:00Z', 'dcv-unknown-session', 2]
    expect(await counts()).toContainEqual(unknown)
    expect(await counts('--rule', 'dcv-unknown-session', '--bucket', '5m')).toEqual([
      ['2026-02-10T08:15:00Z', 'dcv-unknown-session', 2],
    ])
    expect(await counts('--session', FAILED)).toEqual([
      ['2026-02-10T09:00:00Z', 'package-dependency-failed', 1],
    ])
    expect(await counts('--from', '2026-02-10T08:30:00Z')).not.toContainEqual(unknown)
    const all = await items('trends', '--severity', 'info')
    expect(await items('trends')).toEqual(all.filter(({ severity }) => severity !== 'info'))
    // Notes are shown where they are asked for, by their severity or by their rule.
    expect(ruleIds(all)).toContain('own-unit')
    expect(await counts('--rule', 'own-unit')).toEqual([['2026-02-10T08:00:00Z', 'own-unit', 1]])
    expect(await counts('--rule', 'own-unit', '--severity', 'warning')).toEqual([])
    const { stdout } = await ask('trends', '--utc', '--session', FAILED)
    expect(stdout).toMatch(/^2026-02-10 09:00:00 +1 +1 +1 {2}error +Packages do not fit together \(package-/m)
  })
})

describe('--limit', () => {
  it('tells people that it cut', async () => {
    const cut = 'there is more than --limit allows; this is a part\n'
    const asked = [['sessions'], ['timeline', READY], ['search', 'e'], ['signatures'], ['ledger', '--all']]
    const limited = await Promise.all(asked.map((args) => ask(...args, '--limit', '1')))
    expect(limited.map(({ stderr }) => stderr)).toEqual(asked.map(() => cut))
    expect((await ask('sessions', '--limit', '2')).stderr).toBe('')
    expect((await ask('sessions', '--limit', '1', '--json')).stderr).toBe('')
  })
})

describe('signatures', () => {
  it('are failures; notes are listed where they are asked for', async () => {
    const ids = async (...args: string[]) => (await items('signatures', ...args)).map(({ id }) => id)
    const [failures, all] = [await ids(), await ids('--severity', 'info')]
    expect(failures).toContain('dcv-unknown-session')
    expect(failures).not.toContain('own-unit')
    expect(all).toEqual(expect.arrayContaining([...failures, 'own-unit', 'own-firewall']))
    expect(await ask('signatures', '--state', 'ignored')).toMatchObject({
      code: 0,
      stderr: 'no failure matches\n',
    })
  })
})

describe('search', () => {
  it('finds lines in any case, the newest first, with what rules say of them', async () => {
    const found = await items('search', 'UNKNOWN session')
    expect(found.map(({ file, ts }) => [file, ts])).toEqual([
      [SERVER_LOG, '2026-02-10T08:16:41.161016Z'],
      [SERVER_LOG, '2026-02-10T08:16:40.161016Z'],
    ])
    expect(ruleIds(found)).toEqual(['dcv-unknown-session', 'dcv-unknown-session'])
    expect(await items('search', 'UNKNOWN session', '--limit', '1')).toEqual(found.slice(0, 1))
    expect(await items('search', 'unknown session', '--to', '2026-02-10T08:16:41Z')).toEqual(found.slice(1))
    expect(await items('search', 'a', '--session', FAILED, '--source', 'install-dcv')).toHaveLength(2)
    const { stdout } = await ask('search', 'needed by', '--utc')
    expect(stdout).toBe(
      '2026-02-10 09:00:00~ mira/CadDesktop1 ComputeNodeInstallDCV.log, byte 50    the needed by-products follow now\n',
    )
  })

  it('tells the numbers of lines where the files can be read', async () => {
    const { stdout } = await ask('search', 'needed by', '--utc', '--root', root)
    expect(stdout).toContain(' ComputeNodeInstallDCV.log:3  ')
  })
})

import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { verify } from '../../src/cli/verifying.ts'
import { systemClock } from '../../src/clock.ts'
import { openServer, type Store } from '../../src/store/client.ts'
import { built } from '../support/built.ts'
import { type Front, startFront } from '../support/clickhouse-front.ts'
import { committedFiles, runProgram, startProgram, startScript, until } from '../support/program.ts'
import {
  ALB_LOG,
  INSTALL_LOG,
  jsonLines,
  NODE_LOG,
  POST_REBOOT_LOG,
  SAMPLE_FILES,
  SERVER_LOG,
  writeLog,
  writeSampleCluster,
} from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

/** Each test runs the program several times. */
const TIMEOUT_MS = 240_000
const folder = mkdtempSync(join(tmpdir(), 'dcvlens-verify-'))
const root = join(folder, 'root')
const data = join(folder, 'data')
let front: Front
let store: Store

beforeAll(async () => {
  writeSampleCluster(root)
  front = await startFront({ dataDir: join(folder, 'server') })
  store = openServer(front.url)
  const { code } = await cli('ingest', '--root', root)
  expect(code).toBe(0)
})

afterAll(async () => {
  await store.close()
  await front.stop()
  rmSync(folder, { recursive: true, force: true })
})

const cli = (...args: string[]) => runProgram([...args, '--store', front.url, '--data', data])

type Verdict = Record<string, unknown> & { readonly file: string }

/** What `verify --json` says of each file, and at the end. */
async function verdicts(
  ...args: string[]
): Promise<{ code: number | null; files: Verdict[]; total: unknown }> {
  const { code, stdout, stderr } = await cli('verify', '--root', root, '--json', ...args)
  expect(stderr).toBe('')
  const lines = jsonLines(stdout)
  return { code, files: lines.slice(0, -1) as Verdict[], total: lines.at(-1) }
}

/** Changes the store for a while. */
async function whileStored(
  change: string,
  back: string,
  check: () => Promise<void>,
  before?: string,
): Promise<void> {
  if (before !== undefined) await store.command(before)
  await store.command(change)
  try {
    await check()
  } finally {
    await store.command(back)
  }
  expect((await verdicts()).code).toBe(0)
}

/** The sum of a verify in this process, so many days later. */
async function verifiedLater(days: number, signal = new AbortController().signal): Promise<unknown> {
  let written = ''
  const io: Io = {
    out: (text) => {
      written += text
    },
    drained: async () => {},
    err: () => {},
    ...{ outIsTerminal: false, errIsTerminal: false, columns: 120, env: {} },
    stdin: Readable.from([]),
    clock: { ...systemClock, nowMs: () => Date.now() + days * 24 * 3_600_000 },
    signal,
  }
  await verify([], { root, data, store: front.url, json: true }, io)
  return jsonLines(written).at(-1)
}

const SYNC = 'SETTINGS mutations_sync = 2'

describe('verify', { timeout: TIMEOUT_MS }, () => {
  it('finds a store that was filled by ingest equal, whatever the encoding and the secrets of the files', async () => {
    const { code, files, total } = await verdicts()
    expect(code).toBe(0)
    expect(files.map(({ file, status }) => [file, status]).sort()).toEqual(
      Object.keys(SAMPLE_FILES)
        .map((file) => [file, 'equal'])
        .sort(),
    )
    expect(total).toMatchObject({
      kind: 'total',
      equal: true,
      missing: 0,
      extra: 0,
      different: 0,
      redacted: 0,
    })
    const { stdout } = await cli('verify', '--root', root)
    expect(stdout).toMatch(/^2\d rows of 6 files compared in [\d.]+ s: the store is equal to the files\n$/)
  })

  it('names a row that is missing by its event id and place', async () => {
    const [row] = await store.query<{ offset: number; length: number; event_id: string }>(
      `SELECT toFloat64(t.offset) AS offset, toFloat64(t.length) AS length, event_id FROM dcvlens.lines AS t
       WHERE file = '${SERVER_LOG}' ORDER BY t.offset LIMIT 1 OFFSET 1`,
    )
    const keep = 'CREATE TABLE kept ENGINE = Memory AS SELECT * FROM dcvlens.lines WHERE offset ='
    await whileStored(
      `ALTER TABLE dcvlens.lines DELETE WHERE offset = ${row?.offset} AND file = '${SERVER_LOG}' ${SYNC}`,
      'INSERT INTO dcvlens.lines SELECT * FROM kept',
      async () => {
        const { code, files } = await verdicts()
        expect(code).toBe(1)
        expect(files.filter(({ status }) => status !== 'equal')).toEqual([
          expect.objectContaining({
            ...{ file: SERVER_LOG, status: 'different', missing: 1, extra: 0, different: 0 },
            differences: [{ kind: 'missing', ...row }],
          }),
        ])
        const { code: exit, stdout } = await cli('verify', '--root', root)
        expect(exit).toBe(1)
        expect(stdout).toContain(`${SERVER_LOG}: 1 missing, 0 extra, 0 different\n`)
        expect(stdout).toContain(`missing    byte ${row?.offset}, ${row?.length} bytes  ${row?.event_id}\n`)
        expect(stdout).toMatch(/: 1 file differs\n$/)
      },
      `${keep} ${row?.offset} AND file = '${SERVER_LOG}'`,
    )
  })

  it('names a row whose message or length was altered, and not what is redacted otherwise', async () => {
    const message = 'main - DCV server started'
    const update = (column: string, value: string, where: string) =>
      `ALTER TABLE dcvlens.lines UPDATE ${column} = ${value} WHERE ${where} ${SYNC}`
    const started = `file = '${SERVER_LOG}' AND offset = 0`
    const isAltered = async () => {
      const { code, files } = await verdicts()
      expect(code).toBe(1)
      expect(files.filter(({ status }) => status !== 'equal')).toEqual([
        expect.objectContaining({ file: SERVER_LOG, missing: 0, extra: 0, different: 1 }),
      ])
    }
    expect(message).toContain('DCV server')
    await whileStored(
      update('message', "replaceOne(message, 'started', 'stopped')", started),
      update('message', "replaceOne(message, 'stopped', 'started')", started),
      isAltered,
    )
    await whileStored(
      update('length', 'length + 1', started),
      update('length', 'length - 1', started),
      isAltered,
    )
    await whileStored(
      update('message', "replaceOne(message, 'DCV server', '«redacted:password»')", started),
      update('message', "replaceOne(message, '«redacted:password»', 'DCV server')", started),
      async () => {
        const { code, total } = await verdicts()
        expect([code, total]).toEqual([0, expect.objectContaining({ different: 0, redacted: 1 })])
      },
    )
  })

  it('names a row that the file does not have, twice the same one, too', async () => {
    const insert = (columns: string) =>
      `INSERT INTO dcvlens.lines SELECT * REPLACE (${columns}, 'extra' AS batch) FROM dcvlens.lines AS t WHERE t.file = '${SERVER_LOG}' AND t.offset = 0 LIMIT 1`
    for (const [columns, offset] of [
      ['offset + 3 AS offset', 3],
      ['0 AS offset', 0],
      ['10000000 AS offset', 10_000_000],
    ] as const) {
      await whileStored(
        insert(columns),
        `ALTER TABLE dcvlens.lines DELETE WHERE batch = 'extra' ${SYNC}`,
        async () => {
          const { code, files } = await verdicts()
          expect([code, files.filter(({ status }) => status !== 'equal')]).toEqual([
            1,
            [
              expect.objectContaining({
                ...{ file: SERVER_LOG, extra: 1, missing: 0, different: 0 },
                differences: [expect.objectContaining({ kind: 'extra', offset })],
              }),
            ],
          ])
        },
      )
    }
  })

  it('takes rows for expired only where the store and the file are old enough', async () => {
    await whileStored(
      `ALTER TABLE dcvlens.lines DELETE WHERE file = '${POST_REBOOT_LOG}' AND offset = 0 ${SYNC}`,
      'INSERT INTO dcvlens.lines SELECT * FROM first_rows',
      async () => {
        const later = (days: number) => verifiedLater(days)
        expect(await later(0)).toMatchObject({ equal: false, missing: 1, expired: 0 })
        expect(await later(29)).toMatchObject({ equal: false, missing: 1, expired: 0 })
        expect(await later(31)).toMatchObject({ equal: true, missing: 0, expired: 1 })
      },
      `CREATE TABLE first_rows ENGINE = Memory AS SELECT * FROM dcvlens.lines WHERE file = '${POST_REBOOT_LOG}' AND offset = 0`,
    )
  })

  it('says nothing of the whole when it is stopped', async () => {
    await expect(verifiedLater(0, AbortSignal.abort())).rejects.toMatchObject({ code: 'E_STOPPED', exit: 3 })
  })

  it('compares only the files of its paths', async () => {
    const { code, files } = await verdicts(join(root, dirname(INSTALL_LOG)))
    expect([code, files.map(({ file }) => file).sort()]).toEqual([0, [INSTALL_LOG, NODE_LOG].sort()])
  })
})

describe('what cannot be compared', { timeout: TIMEOUT_MS }, () => {
  it('is told and is no difference: bytes behind the checkpoint, new files, cut and deleted ones', async () => {
    const copy = join(folder, 'copy')
    const own = ['--root', copy, '--data', join(folder, 'copy-data')]
    writeSampleCluster(copy)
    expect((await runProgram(['ingest', ...own])).code).toBe(0)
    const grown = 'not stored yet\n'
    appendFileSync(join(copy, NODE_LOG), grown)
    const fresh = writeLog(join(copy, '/var/log/dcv/agent.log'), 'a new file\n')
    truncateSync(join(copy, ALB_LOG), 10)
    rmSync(join(copy, POST_REBOOT_LOG))
    mkdirSync(join(copy, 'elsewhere'))
    renameSync(join(copy, INSTALL_LOG), join(copy, INSTALL_LOG.replace('ComputeNodeInstallDCV', 'other')))
    const { code, stdout } = await runProgram(['verify', '--json', ...own])
    const lines = jsonLines(stdout)
    const told = (status: string) =>
      lines.filter((line) => line['status'] === status).map(({ file, reason }) => [file, reason])
    expect(code).toBe(0)
    expect(lines.find(({ file }) => file === NODE_LOG)).toMatchObject({
      ...{ status: 'equal', not_yet_stored_bytes: grown.length },
    })
    expect(told('not_stored').sort()).toEqual([
      [ALB_LOG, undefined],
      [fresh.slice(copy.length), undefined],
    ])
    expect(told('not_comparable').sort()).toEqual(
      [
        [ALB_LOG, 'truncated'],
        [POST_REBOOT_LOG, 'gone'],
        [INSTALL_LOG, 'gone'],
      ].sort(),
    )
    writeLog(join(copy, '/var/log/dcv/empty.log'), '')
    const text = await runProgram(['verify', ...own])
    expect(text.stdout).toContain(
      '  2 files with nothing stored yet\n  1 empty file, with nothing to store\n',
    )
    expect(text.stdout).toContain('1 file with 3 rows: cut or written anew in place since\n')
  })

  it.each([
    [
      'a data directory that is not there',
      ['--data', '/nowhere/data'],
      2,
      /nothing was stored from \/nowhere\/data/,
    ],
    [
      'a store that is not there',
      ['--data', data, '--store', 'http://127.0.0.1:9'],
      3,
      /store does not answer/,
    ],
  ])('%s is named', async (_, args, exit, told) => {
    const { code, stdout, stderr } = await runProgram(['verify', '--root', root, ...args])
    expect([code, stdout]).toEqual([exit, ''])
    expect(stderr).toMatch(told)
  })
})

describe('a running service', { timeout: TIMEOUT_MS }, () => {
  it('is asked while it holds the data directory; rows that were flushed early are compared as they are', async () => {
    const tree = tempDir()
    const own = ['--root', tree, '--data', join(folder, 'served')]
    const log = writeLog(join(tree, '/var/log/dcv/server.log'), '')
    const config = join(folder, 'fast.yaml')
    appendFileSync(config, 'batchMs: 100\nscanMs: 200\nflushMs: 100\nlineFlushMs: 200\nlogLevel: warn\n')
    const service = startProgram(['serve', ...own, '--config', config, '--port', '0'])
    await service.url()
    let size = 0
    const write = async (text: string) => {
      appendFileSync(log, text)
      size += Buffer.byteLength(text)
      await until('it is stored', () =>
        committedFiles(own[3] ?? '').some(({ reader }) => reader.offset === size),
      )
    }
    const head = '2026-02-10 08:16:01,161016 [  2201:2201  ] INFO  main - '
    await write(`${head}half a `)
    await write('line\n')
    await write('  goes on\n')
    await write(`${head}next\n`)
    const { code, stdout, stderr } = await runProgram(['verify', '--json', ...own])
    expect([code, stderr]).toEqual([0, ''])
    expect(jsonLines(stdout)).toEqual([
      expect.objectContaining({ file: '/var/log/dcv/server.log', status: 'equal', rows: 4 }),
      expect.objectContaining({ equal: true }),
    ])
    await service.stop()
    const script = `
      import { openEmbedded } from '${built('store/client.js')}'
      const store = await openEmbedded('${join(folder, 'served', 'store')}')
      await store.command("ALTER TABLE dcvlens.lines DELETE WHERE continued = 1 SETTINGS mutations_sync = 2")
      await store.close()
      process.stdout.write('', () => process.exit(0))`
    expect(await startScript(script).ended).toMatchObject({ code: 0 })
    const again = startProgram(['serve', ...own, '--config', config, '--port', '0'])
    await again.url()
    const { code: exit, stdout: said } = await runProgram(['verify', ...own])
    expect(exit).toBe(1)
    expect(said).toMatch(/server\.log: \d missing, 0 extra, \d different\n/)
  })
})

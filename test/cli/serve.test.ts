import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { committedFiles, type Program, runProgram, startLasting, until } from '../support/program.ts'
import {
  FAILED,
  jsonLines,
  READY,
  SAMPLE_FILES,
  SERVER_LOG,
  TWO_RULES,
  writeSampleCluster,
} from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'
import { readStore } from '../support/tiling.ts'

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-serve-'))
const root = join(folder, 'root')
const data = join(folder, 'data')
const total = Object.values(SAMPLE_FILES).reduce((sum, { length }) => sum + length, 0)
let service: Program
let url = ''

beforeAll(async () => {
  writeSampleCluster(root)
  mkdirSync(join(folder, 'rules', 'signatures'), { recursive: true })
  writeFileSync(join(folder, 'rules', 'signatures', 'two.yaml'), TWO_RULES)
  const config = join(folder, 'settings.yaml')
  writeFileSync(config, 'batchMs: 100\nscanMs: 200\nflushMs: 100\nlogLevel: warn\n')
  const where = ['--root', root, '--data', data, '--rules', join(folder, 'rules'), '--config', config]
  service = startLasting(['serve', ...where, '--port', '0'])
  url = await service.url()
  await until('all is stored', () => stored() === total)
})

afterAll(async () => {
  await service.kill()
  rmSync(folder, { recursive: true, force: true })
})

const stored = () => committedFiles(data).reduce((sum, { reader }) => sum + reader.offset, 0)
const cli = (...args: string[]) => runProgram([...args, '--data', data])

type Answer = {
  readonly items: Record<string, unknown>[]
  readonly next?: string
  readonly code?: string
  readonly detail?: string
  readonly hint?: string
}

async function get(path: string): Promise<Answer & { readonly status: number; readonly type: string }> {
  const response = await fetch(`${url}/api/v1/${path}`)
  const body = (await response.json()) as Answer
  return { ...body, status: response.status, type: response.headers.get('content-type') ?? '' }
}

describe('the service', () => {
  it('stores what is appended, and search finds it', async () => {
    const line = '2026-02-10 08:20:00,000001 [  2201:2201  ] INFO  main - a lamp is lit\n'
    appendFileSync(join(root, SERVER_LOG), line)
    await until('the new line is stored', () => stored() === total + line.length)
    const { items } = await get('search?text=lamp')
    expect(items).toEqual([
      expect.objectContaining({
        ...{ file: SERVER_LOG, offset: SAMPLE_FILES[SERVER_LOG]?.length, length: line.length },
        ...{ ts: '2026-02-10T08:20:00.000001Z', message: 'a lamp is lit', kind: 'line' },
      }),
    ])
  })

  it('answers the commands while it holds the data directory, with the objects of its API', async () => {
    const asked = [
      [['sessions'], 'sessions'],
      [['timeline', READY, '--all'], `timeline?session=${READY}&all=true`],
      [['trends', '--bucket', '1d'], 'trends?bucket=1d'],
      [['search', 'session', '--limit', '3'], 'search?text=session&limit=3'],
    ] as const
    const compared = asked.map(async ([args, path]) => {
      const { code, stdout, stderr } = await cli(...args, '--json')
      const { items } = await get(path)
      expect([code, stderr, jsonLines(stdout)]).toEqual([0, '', items])
      expect(items.length).toBeGreaterThan(1)
    })
    await Promise.all(compared)
  })

  it('tells a command where its logs lie, which then counts their lines', async () => {
    const { stdout } = await cli('search', 'unknown session', '--limit', '1')
    expect(stdout).toContain(' server.log:3  ')
  })

  it('tells of which desktop a line is that was searched for', async () => {
    const { stdout } = await cli('search', 'firewalld', '--session', READY, '--limit', '1')
    expect(stdout).toMatch(/ omar\/Viz7 [\w.-]+\.log:\d+ {2}/)
  })

  it('tells how its write path is doing', async () => {
    expect(await get('status')).toMatchObject({ status: 200, store: 'storing', pending_bytes: 0 })
  })
})

describe('the pages of the API', () => {
  it.each(['sessions?', `timeline?session=${READY}`, `timeline?session=${FAILED}&all=true`, 'search?text=e'])(
    'of %s give each item once, in the order of one large page',
    async (path) => {
      const { items: whole, next } = await get(path)
      expect(next).toBeUndefined()
      const paged: Record<string, unknown>[] = []
      let pages = 0
      for (let cursor = ''; pages < 100; pages++) {
        const page = await get(`${path}&limit=1${cursor}`)
        paged.push(...page.items)
        if (page.next === undefined) break
        cursor = `&cursor=${encodeURIComponent(page.next)}`
      }
      expect(paged).toEqual(whole)
      expect(pages).toBeGreaterThan(0)
    },
  )
})

const cursorOf = (...place: unknown[]) => Buffer.from(JSON.stringify(place)).toString('base64url')

describe('a question that is wrong', () => {
  it.each([
    ['search', 'text is missing'],
    ['search?text=', 'text must not be empty'],
    ['search?text=a&text=b', 'text must be given once'],
    ['search?text=a&limit=0', 'limit must be a whole number from 1 to 100000'],
    ['search?text=a&limit=many', 'limit must be a whole number from 1 to 100000'],
    ['search?text=a&from=2y', 'from must be a time like 2026-01-31T08:00:00Z, or an age like 30m, 2h or 7d'],
    ['search?text=a&colour=red', 'colour is not asked for here'],
    ['search?text=a&cursor=x', 'cursor is not one that an answer gave'],
    [`search?text=a&cursor=${cursorOf('x', 'f', 0, 1)}`, 'cursor is not one that an answer gave'],
    [
      `search?text=a&cursor=${cursorOf('2026-02-10T08:16:41.161016Z', 'f', 0.5, -1)}`,
      'cursor is not one that an answer gave',
    ],
    ['sessions?cursor=x', 'cursor is not one that an answer gave'],
    ['timeline', 'session is missing'],
    ['timeline?session=/mira', 'session must be owner/name or a host'],
    [`timeline?session=${FAILED}&all=maybe`, 'all must be true or false'],
    ['trends?bucket=3h', 'bucket must be 1m, 5m, 15m, 1h or 1d'],
  ])('%s: %s', async (path, detail) => {
    expect(await get(path)).toEqual({
      ...{ status: 400, type: expect.stringContaining('application/problem+json') },
      ...{ title: 'Bad Request', code: 'E_PARAMETER', detail, hint: expect.any(String) },
      field: detail.split(' ')[0],
    })
  })

  it('asks for what is not there', async () => {
    expect(await get('nothing')).toMatchObject({ status: 404, code: 'E_NOT_FOUND', hint: expect.any(String) })
  })
})

describe('another one', () => {
  it('is refused the data directory, and told who has it', async () => {
    const refused = [['serve', '--port', '0'], ['ingest', root], ['migrate']].map(async (command) => {
      const { code, stdout, stderr } = await cli(...command)
      expect([code, stdout]).toEqual([3, ''])
      expect(stderr).toMatch(
        new RegExp(`^dcvlens: ${data} is in use by process ${service.pid}\n  Stop it .*\n$`),
      )
    })
    await Promise.all(refused)
  })

  it('is told that a port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    const args = ['serve', '--root', root, '--data', tempDir(), '--port', `${port}`]
    const { code, stdout, stderr } = await runProgram(args)
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toBe(
      `dcvlens: cannot listen on 127.0.0.1:${port} (another program has it)\n  Choose another port with --port.\n`,
    )
  })
})

describe('SIGTERM', () => {
  it('ends the service with 0 and everything stored, even what was written last', async () => {
    const lines = Array.from(
      { length: 500 },
      (_, n) => `2026-02-10 08:30:00,${String(n).padStart(6, '0')} [  1:1  ] INFO  main - last ${n}\n`,
    )
    const before = stored()
    appendFileSync(join(root, SERVER_LOG), lines.join(''))
    await until('it has begun to store them', () => stored() > before)
    expect(await service.stop()).toEqual({ code: 0, signal: null })
    expect(service.stderr()).not.toContain('error')
    const { lines: rows } = await readStore({ folder: join(data, 'store') })
    const texts = rows.map(({ message }) => message).filter((message) => message.startsWith('last '))
    expect(texts.length).toBe(new Set(texts).size)
    expect(rows.filter(({ file }) => file === SERVER_LOG).reduce((sum, { length }) => sum + length, 0)).toBe(
      committedFiles(data).reduce((most, { reader }) => Math.max(most, reader.offset), 0),
    )
    const { code, stdout } = await cli('sessions', '--json')
    expect([code, jsonLines(stdout).length]).toEqual([0, 2])
  })
})

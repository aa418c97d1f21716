import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Clock } from '../src/clock.ts'
import { desktops } from '../src/demo/cast.ts'
import { DEMO_DESKTOPS, runDemo } from '../src/demo/demo.ts'
import { AUTH_TOKEN, DIRECTORY_PASSWORD } from '../src/demo/desktop.ts'

const START_MS = Date.parse('2026-05-12T09:30:00Z')

/** A clock that a sleep turns on at once. */
function fakeClock(): Clock {
  let nowMs = START_MS
  return {
    nowMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms
    },
  }
}

const folders: string[] = []

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'dcvlens-demo-'))
  folders.push(path)
  return path
}

async function play(speed: number, clock = fakeClock(), signal = new AbortController().signal) {
  const root = await folder()
  await runDemo({ root, clock, signal, speed })
  return root
}

async function files(root: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const found = new Map<string, Buffer>()
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    found.set(path.slice(root.length + 1), await readFile(path))
  }
  return found
}

function named(tree: ReadonlyMap<string, Buffer>, end: string): string {
  const path = [...tree.keys()].find((file) => file.endsWith(end))
  return tree.get(path ?? '')?.toString() ?? ''
}

/** The logs of one desktop, all in one. */
function logsOf(tree: ReadonlyMap<string, Buffer>, owner: string): string {
  const desktop = desktops(1).find((one) => one.owner === owner)
  const own = [...tree].filter(([file]) => file.startsWith(`${desktop?.folder}/`))
  return own.map(([, bytes]) => bytes.toString()).join('')
}

function lineCount(tree: ReadonlyMap<string, Buffer>): number {
  return [...tree.values()].reduce((sum, bytes) => sum + bytes.toString('latin1').split('\n').length, 0)
}

let tree: Map<string, Buffer>

beforeAll(async () => {
  tree = await files(await play(1))
})

afterAll(async () => {
  for (const path of folders) await rm(path, { recursive: true, force: true })
})

describe('the demo', () => {
  it('gives every desktop its folder at the path of its generation', () => {
    const paths = [...tree.keys()].join('\n')
    const shapes: Record<string, string> = {
      'soca-2': 'apps/soca/soca-aero/cluster_node_bootstrap/logs/desktop',
      'soca-25': 'apps/soca/soca-chip/shared/logs/bootstrap/dcv_node',
      'edh-26': 'apps/edh/edh-studio/shared/logs/bootstrap/dcv_node',
    }
    expect(DEMO_DESKTOPS).toHaveLength(12)
    for (const { owner, session, profile } of DEMO_DESKTOPS) {
      expect(paths).toContain(`${shapes[profile]}/${owner}/${session}/`)
    }
    expect(paths).toMatch(/\/knguyen\/CadStation\/.*\/02_setup\.ps1\.log$/m)
    for (const desktop of desktops(1)) expect(paths).toContain(`${desktop.folder}/`)
  })

  it('tells each failure in the words of the product', () => {
    expect(logsOf(tree, 'bjensen')).toContain('Loop count is: 10/10')
    expect(logsOf(tree, 'cdubois')).toContain(
      'Could not create session. The dcvserver service is not running.\n1\n',
    )
    expect(logsOf(tree, 'dpatel')).toMatch(
      /\[FATAL\] Unable to mount .* as \/data\n.*SocaFileSystemsAutoMount Completed/,
    )
    expect(logsOf(tree, 'fgarcia')).toMatch(
      /\[FATAL\] dnf install .* failed after all attempts, exiting \.\./,
    )
    expect(logsOf(tree, 'hsato')).toContain('line 143: dcv: command not found\n127\n')
    expect(logsOf(tree, 'lrossi')).toContain('Job for socadcv.service failed')
    expect(logsOf(tree, 'ilindqvist')).toMatch(/GPU drivers were not installed[\s\S]*Node Ready/)
    expect(named(tree, 'var/log/dcv/server.log')).toContain("unknown session '")
  })

  it('writes what makes logs hard to read', () => {
    const setup = [...tree].find(([file]) => file.endsWith('02_setup.ps1.log'))?.[1]
    expect(setup?.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xfe]))
    expect(setup?.toString('utf16le')).toMatch(/Script executed via nt authority\\system\r\n/)
    expect(named(tree, 'server.log.1')).toContain('DCV server stopped')
    expect(named(tree, 'var/log/cloud-init-output.log')).toMatch(/\r 14 [^\n]*\r100 /)
    expect(logsOf(tree, 'ilindqvist')).toMatch(/\.{20000}/)
    expect(logsOf(tree, 'gnovak')).toContain("+ echo -e '[sssd]\ndomains = default\n")
    expect(named(tree, '.py.log')).toMatch(
      /^Traceback .*\n(?: .*\n)+botocore\.errorfactory\.TooManyRulesException: /m,
    )
    expect([...tree.values()].some((bytes) => bytes.includes('\u001b[1;32m'))).toBe(true)
    expect(logsOf(tree, 'bjensen')).toContain(`+ DS_DOMAIN_ADMIN_PASSWORD='${DIRECTORY_PASSWORD}'`)
    expect(named(tree, 'api.log')).toContain(AUTH_TOKEN)
    expect(named(tree, 'application.log')).toContain(`authToken=${AUTH_TOKEN}#`)
  })

  it('leaves no time token in the text, and no time that is still to come', () => {
    for (const [file, bytes] of tree) {
      const text = bytes.toString(bytes[0] === 0xff ? 'utf16le' : 'utf8')
      expect(text, file).not.toContain('{{')
      for (const [, stamp] of text.matchAll(/^\[?(2026-\d\d-\d\d \d\d:\d\d:\d\d)/gm)) {
        expect(Date.parse(`${stamp?.replace(' ', 'T')}Z`), file).toBeLessThan(START_MS + 600_000)
      }
    }
  })

  it('gives the same bytes for the same seed and clock', async () => {
    const again = await files(await play(1))
    expect([...again.keys()].sort()).toEqual([...tree.keys()].sort())
    for (const [file, bytes] of tree) expect(again.get(file)?.equals(bytes), file).toBe(true)
  })

  it('ends at any speed with every line, sooner at a higher one', async () => {
    const clock = fakeClock()
    const fast = await files(await play(600, clock))
    expect(clock.nowMs() - START_MS).toBeLessThan(2_000)
    expect(fast.size).toBe(tree.size)
    expect(lineCount(fast)).toBe(lineCount(tree))
  })

  it('has a history of six finished desktops with the times of their files set back', async () => {
    const stopped = new AbortController()
    const clock = fakeClock()
    const root = await play(
      1,
      {
        nowMs: clock.nowMs,
        sleep: async () => stopped.abort(),
      },
      stopped.signal,
    )
    const history = await files(root)
    const begun = desktops(1).filter(({ folder }) =>
      [...history.keys()].some((file) => file.startsWith(folder)),
    )
    const last = begun.filter(({ endMs }) => endMs === undefined)
    expect(last.map(({ owner }) => owner)).toEqual(DEMO_DESKTOPS.slice(0, 6).map(({ owner }) => owner))
    for (const file of history.keys()) {
      const { mtimeMs } = await stat(join(root, file))
      expect(mtimeMs, file).toBeLessThanOrEqual(START_MS)
      expect(mtimeMs, file).toBeGreaterThan(START_MS - 2 * 3_600_000 - 60_000)
    }
  })

  it('goes on for as long as it is let, with desktops of new names, and does not fill the disk', async () => {
    const stopped = new AbortController()
    const clock = fakeClock()
    const sizes: number[] = []
    const attempts: string[] = []
    const written: number[] = []
    const root = await folder()
    let nextMs = START_MS + 4 * 3_600_000
    const watching: Clock = {
      nowMs: clock.nowMs,
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal)
        if (clock.nowMs() < nextMs) return
        nextMs += 3_600_000
        const found = await files(root)
        const paths = [...found.keys()].flatMap((file) => /\/(\w+\/\w+?\d+)\/.*\//.exec(file)?.[1] ?? [])
        attempts.push(...paths)
        sizes.push([...found.values()].reduce((sum, bytes) => sum + bytes.length, 0))
        for (const end of ['orchestrator/logs/dcv_alb_manager.log', 'session_state_watcher.log']) {
          const path = [...found.keys()].find((file) => file.endsWith(end)) ?? ''
          written.push(clock.nowMs() - (await stat(join(root, path))).mtimeMs)
        }
        if (sizes.length === 6) stopped.abort()
      },
    }
    await runDemo({ root, clock: watching, signal: stopped.signal, endless: true })
    const firstHour = sizes[0] ?? 0
    for (const size of sizes) expect(Math.abs(size - firstHour)).toBeLessThan(firstHour / 2)
    expect(new Set(attempts).size).toBeGreaterThan(60)
    expect(written).toHaveLength(12)
    const paths = [...(await files(root)).keys()].join('\n')
    for (const desktop of desktops(1)) expect(paths).toContain(`${desktop.folder}/`)
  })

  it('returns quietly when a sleep is cut short by the signal', async () => {
    const stopped = new AbortController()
    const clock: Clock = {
      nowMs: () => START_MS,
      sleep: async () => {
        stopped.abort()
        throw new Error('aborted')
      },
    }
    await expect(play(1, clock, stopped.signal)).resolves.toBeTypeOf('string')
  })

  it('shows an unfinished line before the rest of it', async () => {
    const stopped = new AbortController()
    const clock = fakeClock()
    const root = await folder()
    const desktop = desktops(1).find(({ owner }) => owner === 'gnovak')
    const ends = new Set<string>()
    const watching: Clock = {
      nowMs: clock.nowMs,
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal)
        const own = await files(join(root, desktop?.folder ?? '')).catch(() => new Map<string, Buffer>())
        for (const bytes of own.values()) {
          if (bytes.length > 0 && bytes.at(-1) !== 10) ends.add(bytes.toString().split('\n').at(-1) ?? '')
        }
        if (ends.size > 1) stopped.abort()
      },
    }
    await runDemo({ root, clock: watching, signal: stopped.signal })
    expect([...ends]).toEqual([expect.stringMatching(/^Resolving .*\.\.\. $/), 'Password for Admin: '])
  })
})

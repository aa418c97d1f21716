import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { committedFiles, type Program, runProgram, startLasting, until } from '../support/program.ts'
import { FAILED, NODE_LOG, SAMPLE_FILES, SERVER_LOG, writeSampleCluster } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

const HANGING_FS = join(import.meta.dirname, '..', 'support', 'hanging-fs.mjs')
const TIMEOUT_MS = 120_000

type Status = {
  readonly held_up: readonly string[]
  readonly not_read: { readonly items: readonly { readonly path: string; readonly reason: string }[] }
}

/** A service that watches a cluster whose shared folder is a network file system, which may stop to answer. */
class Watched {
  readonly folder = tempDir()
  readonly root = join(this.folder, 'root')
  readonly data = join(this.folder, 'data')
  readonly hangs = join(this.folder, 'hangs')
  readonly far = join(this.root, 'apps')
  readonly config = join(this.folder, 'settings.yaml')
  readonly service: Program

  constructor() {
    writeSampleCluster(this.root)
    writeFileSync(
      this.config,
      `batchMs: 100\nscanMs: 200\nflushMs: 100\nnetworkDeadlineMs: 1000\nnetworkFolders: [${this.far}]\n`,
    )
    this.service = startLasting(
      ['serve', '--root', this.root, '--data', this.data, '--config', this.config, '--port', '0'],
      this.env,
    )
    onTestFinished(this.service.kill)
  }

  get env(): Readonly<Record<string, string>> {
    return { NODE_OPTIONS: `--import ${HANGING_FS}`, HANGING: this.far, HANGS: this.hangs }
  }

  async allStored(): Promise<void> {
    await until('all is stored', () => this.stored() === this.written())
  }

  written(): number {
    return Object.keys(SAMPLE_FILES).reduce(
      (sum, path) => sum + readFileSync(join(this.root, path)).length,
      0,
    )
  }

  stored(): number {
    return committedFiles(this.data).reduce((sum, { reader }) => sum + reader.offset, 0)
  }

  append(path: string, text: string): void {
    appendFileSync(join(this.root, path), text)
  }

  async status(): Promise<Status> {
    const answer = await fetch(`${await this.service.url()}/api/v1/status`)
    return (await answer.json()) as Status
  }

  /** What the service says that it cannot read. */
  async notRead(): Promise<Status['not_read']['items']> {
    return (await this.status()).not_read.items
  }

  /** The process that reads the shared folder, if there is one. */
  get reader(): number | undefined {
    const { pid } = this.service
    const children = `/proc/${pid}/task/${pid}/children`
    const ids = existsSync(children) ? readFileSync(children, 'utf8').trim().split(' ').map(Number) : []
    return ids.find((id) => commandOf(id).includes('reading-process'))
  }

  async expectStoredOnce(): Promise<void> {
    await this.service.stop()
    const { code, stdout, stderr } = await runProgram(['verify', '--root', this.root, '--data', this.data])
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 })
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

describe('a network file system', { timeout: TIMEOUT_MS }, () => {
  it('that does not answer stops nothing else, is told, and is read on when it answers', async () => {
    const watched = new Watched()
    await watched.allStored()
    writeFileSync(watched.hangs, '')
    watched.append(NODE_LOG, '+ echo far\n')
    await until('it is told', async () =>
      (await watched.notRead()).some(({ reason }) => reason === 'unreachable'),
    )
    const before = watched.stored()
    watched.append(SERVER_LOG, '2026-02-10 09:16:01,161016 [  2201:2201  ] INFO  main - near\n')
    await until('what is near is stored', () => watched.stored() > before)
    expect(await watched.notRead()).toMatchObject([
      {
        path: join(watched.root, 'apps'),
        reason: 'unreachable',
        detail: expect.stringContaining('no answer for 1 s'),
      },
    ])
    const reason = `not everything that was in ${watched.far} is read yet`
    expect((await watched.status()).held_up).toEqual([reason])
    const sessions = await fetch(`${await watched.service.url()}/api/v1/sessions`)
    expect(sessions.status).toBe(200)
    const doctor = await runProgram(['doctor', '--root', watched.root, '--config', watched.config], {
      env: watched.env,
    })
    expect(doctor.stdout).toContain(`${watched.far}: a network folder by the configuration, does not answer`)
    const { root, data, config, env } = watched
    const diagnosed = await runProgram(
      ['diagnose', FAILED, '--root', root, '--data', data, '--config', config],
      { env },
    )
    expect(diagnosed.stdout).toContain(FAILED)
    rmSync(watched.hangs)
    await watched.allStored()
    await until('nothing is amiss', async () => (await watched.notRead()).length === 0)
    await until('nothing holds up rules', async () => (await watched.status()).held_up.length === 0)
    await watched.expectStoredOnce()
  })

  it('is read by a process that may be killed at any time: every line is stored once', async () => {
    const watched = new Watched()
    await watched.service.url()
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 400; i++) watched.append(NODE_LOG, `+ echo round ${round} line ${i}\n`)
      await until('something reads', () => watched.reader !== undefined)
      if (watched.reader !== undefined) process.kill(watched.reader, 'SIGKILL')
    }
    await watched.allStored()
    await watched.expectStoredOnce()
  })

  it('is no more read once the service was killed, and nobody complains', async () => {
    const watched = new Watched()
    await watched.allStored()
    await watched.service.kill()
    expect(watched.service.stderr()).not.toMatch(/Error|node:/)
  })

  it('that does not answer holds up no command that reads files: it is named, and the rest is read', async () => {
    const folder = tempDir()
    const [root, data, config] = [join(folder, 'root'), join(folder, 'data'), join(folder, 'settings.yaml')]
    const far = join(root, 'apps')
    writeSampleCluster(root)
    writeFileSync(config, `networkFolders: [${far}]\n`)
    writeFileSync(join(folder, 'hangs'), '')
    const env = { NODE_OPTIONS: `--import ${HANGING_FS}`, HANGING: far, HANGS: join(folder, 'hangs') }
    const run = (...args: string[]) => runProgram([...args, '--root', root, '--config', config], { env })
    const named = `not read: ${far}: unreachable (a network folder by the configuration does not answer`
    for (const args of [
      ['scan', root],
      ['diagnose', root],
      ['ingest', root, '--data', data],
      ['ingest', '--data', data],
    ]) {
      const { code, stdout, stderr } = await run(...args)
      expect({ args, code }).toEqual({ args, code: 0 })
      expect(stdout + stderr).toContain(named)
    }
    expect((await run('scan', root)).stdout).toMatch(/ in [1-9]\d* records of [1-9]\d* files?/)
    expect(await run('scan', far)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(
        `${far} cannot be read: ${far} (a network folder by the configuration)`,
      ),
    })
  })

  it.each(['scan', 'diagnose', 'ingest'])(
    'that goes while its files are being read does not hold up `%s`: it is named, and the rest is read',
    async (command) => {
      const folder = tempDir()
      const [root, data, config] = [join(folder, 'root'), join(folder, 'data'), join(folder, 'settings.yaml')]
      const [far, hangs] = [join(root, 'apps'), join(folder, 'hangs')]
      writeSampleCluster(root)
      writeFileSync(config, `networkFolders: [${far}]\nnetworkDeadlineMs: 1000\n`)
      const env = { NODE_OPTIONS: `--import ${HANGING_FS}`, HANGING: far, HANGS: hangs }
      const where = ['--root', root, '--config', config, '--data', data]
      const stopped = await runProgram([command, root, ...where], {
        env: { ...env, HANGS_AT: join(root, NODE_LOG) },
      })
      expect(existsSync(hangs)).toBe(true)
      expect(stopped.code).toBe(0)
      expect(stopped.stdout + stopped.stderr).toContain(
        `not read: ${far}: unreachable (a network folder by the configuration does not answer`,
      )
      if (command !== 'ingest') return
      const ofHost = committedFiles(data).find(({ lastPath }) => lastPath === join(root, SERVER_LOG))
      expect(ofHost?.reader.offset).toBe(readFileSync(join(root, SERVER_LOG)).length)
      rmSync(hangs)
      expect((await runProgram(['ingest', root, ...where], { env })).code).toBe(0)
      const { code, stdout, stderr } = await runProgram(['verify', ...where], { env })
      expect({ code, stdout, stderr }).toMatchObject({ code: 0 })
      expect(await runProgram(['verify', root, ...where], { env })).toMatchObject({ code: 0 })
    },
  )
})

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

/** Sends the program a signal as soon as it listens to it: before it has read anything. */
const STOPS_AT_ONCE = `const timer = setInterval(() => {
  if (process.listenerCount('SIGINT') === 0) return
  clearInterval(timer)
  process.kill(process.pid, 'SIGINT')
}, 1)`
const NODE_OPTIONS = `--import "data:text/javascript,${encodeURIComponent(STOPS_AT_ONCE)}"`

const FAILED_LINES = '[2026-03-04 05:06:07,161] [ERROR] mount.nfs4: Connection timed out\n'.repeat(20)

/** The logs of a desktop that failed. */
function failedDesktop(): string {
  const root = tempDir()
  const folder = join(root, 'apps/soca/soca-x/cluster_node_bootstrap/logs/dcv_node/ann/desk/u-1/ip-10-0-0-1')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, '02_setup.log'), FAILED_LINES)
  return root
}

async function stopped(args: readonly string[], input?: string) {
  const { code, stdout, stderr } = await runProgram(args, {
    env: { NODE_OPTIONS },
    ...(input === undefined ? {} : { input }),
  })
  return { code, stdout, told: stderr.split('\n')[0] }
}

const NOT_ALL_READ = { code: 3, stdout: '', told: 'dcvlens: stopped before everything was read' }

describe('a command that is told to stop says so, and nothing of what it has not seen', () => {
  it.each([
    ['scan', []],
    ['scan', ['--json']],
    ['diagnose', []],
    ['blame', []],
    ['rules coverage', []],
  ])('%s %j', async (command, options) => {
    const root = failedDesktop()
    expect(await stopped([...command.split(' '), ...options, '--root', root, root])).toEqual(NOT_ALL_READ)
  })

  it('ingest, which goes on with the rest when it is run again', async () => {
    const [root, data] = [failedDesktop(), tempDir()]
    const args = ['ingest', '--root', root, '--data', data, '--json']
    const told = 'dcvlens: stopped before everything was read: 0 new lines stored'
    expect(await stopped(args)).toEqual({ code: 3, stdout: '', told })
    expect(JSON.parse((await runProgram(args)).stdout)).toMatchObject({ lines: 20 })
  })

  it('templates, of which the rows so far are right', async () => {
    const { code, told } = await stopped(['templates'], FAILED_LINES)
    expect([code, told]).toEqual([3, NOT_ALL_READ.told])
    expect(await stopped(['templates', '--final'], FAILED_LINES)).toEqual(NOT_ALL_READ)
  })

  it('doctor', async () => {
    const told = 'dcvlens: stopped before everything was checked'
    expect(await stopped(['doctor', '--data', tempDir()])).toMatchObject({ code: 3, told })
  })

  it('rules backtest and alerts test', async () => {
    const [root, data] = [failedDesktop(), tempDir()]
    await runProgram(['ingest', '--root', root, '--data', data])
    const rule = join(import.meta.dirname, '../../rules/signatures/mount/automount.yaml')
    const backtest = await stopped(['rules', 'backtest', rule, '--data', data, '--since', '2026-01-01'])
    expect(backtest).toEqual({
      code: 3,
      stdout: '',
      told: 'dcvlens: stopped before all stored lines were tried',
    })
    const rules = join(import.meta.dirname, '../../rules/alerts/failures.yaml')
    const tried = await stopped(['alerts', 'test', rules, '--data', data, '--from', '7d'])
    expect(tried).toEqual({ code: 3, stdout: '', told: 'dcvlens: stopped before the whole range was tried' })
  })

  it('probe', async () => {
    const told = 'dcvlens: stopped before the address answered'
    const asked = await stopped(['probe', 'https://127.0.0.1:1/ip-10-0-0-1/'])
    expect(asked).toMatchObject({ code: 3, stdout: '', told })
  })
})

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runProgram, startLasting } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

/** A tree of many logs, all of them stored. */
async function storedLogs(): Promise<{ readonly root: string; readonly data: string }> {
  const [root, data] = [tempDir(), tempDir()]
  mkdirSync(join(root, 'var/log/dcv'), { recursive: true })
  for (let n = 0; n < 200; n++) {
    const line = `2026-03-04 05:06:07,000001 [  1:1  ] INFO  main - line of ${n}\n`
    writeFileSync(join(root, `var/log/dcv/agent.u${n}.s1.log`), line)
  }
  expect((await runProgram(['ingest', '--root', root, '--data', data])).code).toBe(0)
  return { root, data }
}

/** Runs the program, and goes away after the first bytes of what it says. */
async function readFirst(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const program = startLasting(args, env)
  onTestFinished(program.kill)
  program.output.once('data', () => program.output.destroy())
  const ended = await program.ended
  return { ...ended, stderr: program.stderr() }
}

const QUIET_END = { code: 0, signal: null, stderr: '' }

describe('a reader that goes away after the first line', () => {
  it('ends verify in order, while the store is open', async () => {
    const { root, data } = await storedLogs()
    const args = ['verify', '--root', root, '--data', data, '--json']
    expect(await readFirst(args)).toEqual(QUIET_END)
  })

  it('ends doctor in order, which leaves no folder behind', async () => {
    const TMPDIR = tempDir()
    const args = ['doctor', '--root', tempDir(), '--data', join(tempDir(), 'new'), '--json']
    expect(await readFirst(args, { TMPDIR })).toEqual(QUIET_END)
    expect(readdirSync(TMPDIR)).toEqual([])
  })
})

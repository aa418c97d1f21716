import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { built } from '../support/built.ts'
import { runProgram, startProgram, startScript } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

const TREES = ['amber', 'birch', 'cedar', 'dogwood', 'elm', 'fir', 'gum']
const varied = TREES.map((tree) => `the host of pool ${tree} went away`)

function fileOf(content: string | Buffer): string {
  const path = join(tempDir(), 'lines.log')
  writeFileSync(path, content)
  return path
}

const rowsOf = (stdout: string) =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((row) => row.split('\t'))

describe('templates', () => {
  it('answers each line of stdin with its id, its template and whether it is new', async () => {
    const { code, stdout, stderr } = await runProgram(['templates'], { input: 'took 5 ms\ntook 70 ms\ngone' })
    const rows = rowsOf(stdout)
    expect([code, stderr]).toEqual([0, ''])
    expect(rows.map((row) => row.slice(1))).toEqual([
      ['took <num>', '1'],
      ['took <num>', '0'],
      ['gone', '1'],
    ])
    expect(rows[0]?.[0]).toBe(rows[1]?.[0])
  })

  it('has one row for each line: empty, with carriage returns, escapes, tabs, bad bytes, or very long', async () => {
    const lines = [
      Buffer.from(''),
      Buffer.from('a\tb\x1b[31mred\x07 failed\r'),
      Buffer.from([0xff, 0xfe, 0x20, 0x78]),
      Buffer.from('x'.repeat(3_000_000)),
      Buffer.from(' '),
      Buffer.from('last'),
    ]
    const path = fileOf(Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])))
    const { code, stdout } = await runProgram(['templates', path])
    const rows = rowsOf(stdout)
    expect([code, rows.length, rows.every((row) => row.length === 3)]).toEqual([0, lines.length, true])
    expect(stdout).not.toMatch(/[\r\x1b\x07]/)
    expect(stdout.length).toBeLessThan(5000)
  })

  it('resolves aliases after the last line', async () => {
    const path = fileOf(`${varied.join('\n')}\n`)
    const [asRead, final] = await Promise.all([
      runProgram(['templates', path]),
      runProgram(['templates', '--final', '--json', path]),
    ])
    expect(rowsOf(asRead.stdout).map((row) => row[2])).toEqual(['1', '1', '1', '1', '0', '0', '0'])
    const objects = final.stdout
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row) as Record<string, unknown>)
    expect(new Set(objects.map(({ id }) => id)).size).toBe(1)
    expect(objects.map((row) => row['new'])).toEqual([true, false, false, false, false, false, false])
    expect(objects[0]?.['template']).toBe('the host of pool <*> went away')
  })

  it('answers while more is to come', async () => {
    const program = startScript(
      `import { spawn } from 'node:child_process'
       const child = spawn(process.execPath, [process.argv[1], 'templates'], { stdio: ['pipe', 'pipe', 'inherit'] })
       child.stdout.once('data', (bytes) => { process.stdout.write(bytes); child.stdin.end() })
       child.stdin.write('one line\\n')`,
      [built('main.js')],
    )
    expect(await program.ended).toMatchObject({ code: 0 })
    expect(rowsOf(program.stdout())).toHaveLength(1)
  })

  it('shows no secret', async () => {
    const { stdout } = await runProgram(['templates'], {
      input: 'login with password: hush-hush-1 was refused\n',
    })
    expect(stdout).not.toContain('hush-hush-1')
  })

  it('ends without a word when its reader goes away', async () => {
    const program = startProgram(['templates', fileOf('some line that is long enough\n'.repeat(400_000))])
    program.output.once('data', () => program.output.destroy())
    expect(await program.ended).toEqual({ code: 0, signal: null })
    expect(program.stderr()).toBe('')
  })

  it('says what is wrong with the file', async () => {
    const [missing, folder] = await Promise.all([
      runProgram(['templates', '/nowhere/x.log']),
      runProgram(['templates', tempDir()]),
    ])
    expect([missing.code, folder.code]).toEqual([2, 2])
    expect(missing.stderr).toContain('/nowhere/x.log cannot be read: it is not there\n  Give a file')
    expect(folder.stderr).toContain('is a folder\n  Give a file')
  })
})

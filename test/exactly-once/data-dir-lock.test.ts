import { createHash } from 'node:crypto'
import { linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataDir, lockDataDir } from '../../src/data-dir.ts'
import { built } from '../support/built.ts'
import { type Program, runProgram, startProgram, startScript, until } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

const boot = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
const startedOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19]
const deadLock = () => JSON.stringify({ pid: 1, started: '7', boot: boot() })

/** A data directory with a lock of these contents. */
function withLock(text: string): string {
  const path = tempDir()
  writeFileSync(join(path, 'lock'), text)
  return path
}

/** Takes a data directory in another process, which keeps it for as long as it lives. */
async function holding(path: string): Promise<Program> {
  const holder = startScript(
    `import { dataDir, lockDataDir } from '${built('data-dir.js')}'
     lockDataDir(dataDir(process.argv[1]))
     console.log('held')
     setInterval(() => {}, 1000)`,
    [path],
  )
  await until('it is held', () => holder.stdout() !== '' || holder.isOver)
  return holder
}

const refusal = (pid: number) =>
  expect.objectContaining({ code: 'E_DATA_HELD', message: expect.stringContaining(`process ${pid}`) })

describe('R32: the lock of a data directory', () => {
  it('is given to one process; the others are told who has it', async () => {
    const path = tempDir()
    const holder = await holding(path)
    expect(() => lockDataDir(dataDir(path))).toThrow(refusal(holder.pid))
    const other = await runProgram(['ingest', '--root', tempDir(), '--data', path])
    expect([other.code, other.stderr]).toEqual([
      3,
      expect.stringContaining(`in use by process ${holder.pid}`),
    ])
  })

  it('is free again after it was released, and nothing is left behind', () => {
    const path = tempDir()
    for (let i = 0; i < 3; i++) lockDataDir(dataDir(path)).release()
    expect(readdirSync(path)).toEqual([])
  })

  it('of a process that was killed is taken over', async () => {
    const path = tempDir()
    const holder = await holding(path)
    await holder.kill()
    lockDataDir(dataDir(path))
    expect(readdirSync(path)).toEqual(['lock'])
    expect(JSON.parse(readFileSync(join(path, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid })
  })

  it('of a number that another process has now is taken over', () => {
    lockDataDir(dataDir(withLock(JSON.stringify({ pid: process.pid, started: '1', boot: boot() }))))
    lockDataDir(dataDir(withLock(JSON.stringify({ pid: 1, started: startedOf(1), boot: 'an earlier one' }))))
  })

  it('of a process that has ended but was not waited for is taken over', async () => {
    // A shell that becomes a program which waits for nobody.
    const shell = startScript(
      `import { spawn } from 'node:child_process'
       spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60 > /dev/null 2>&1'], { stdio: 'inherit' })`,
    )
    const stat = () => readFileSync(`/proc/${shell.stdout().trim()}/stat`, 'utf8').split(') ')[1] ?? ''
    await until('it is a zombie', () => shell.stdout() !== '' && stat().startsWith('Z '))
    const parent = Number(stat().split(' ')[1])
    const pid = Number(shell.stdout())
    lockDataDir(dataDir(withLock(JSON.stringify({ pid, started: startedOf(pid), boot: boot() }))))
    process.kill(parent, 'SIGKILL')
  })

  it('that is damaged is taken over', () => {
    for (const text of ['', 'no JSON', '{"pid":1']) lockDataDir(dataDir(withLock(text)))
  })

  it('is not mistaken for its own by a process with the number of the one that was killed', () => {
    // Killed between the two names: both are one file. In a container the next start has the same number.
    const path = withLock(deadLock())
    linkSync(join(path, 'lock'), join(path, `lock.${process.pid}`))
    lockDataDir(dataDir(path))
    expect(readdirSync(path)).toEqual(['lock'])
  })

  it('of a killed process is taken over though another was killed while it took it over', () => {
    const path = withLock(deadLock())
    const claim = `lock.${createHash('sha256').update(deadLock()).digest('hex').slice(0, 16)}`
    writeFileSync(join(path, claim), JSON.stringify({ pid: 1, started: '8', boot: boot() }))
    lockDataDir(dataDir(path))
    expect(readdirSync(path)).toEqual(['lock'])
    expect(JSON.parse(readFileSync(join(path, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid })
  })

  it('of a killed process is won by exactly one of those that start at once', async () => {
    const folder = tempDir()
    const rounds = 150
    for (let round = 0; round < rounds; round++) {
      mkdirSync(join(folder, `${round}`))
      writeFileSync(join(folder, `${round}`, 'lock'), deadLock())
    }
    const script = `
      import { dataDir, lockDataDir } from '${built('data-dir.js')}'
      process.stdin.once('data', (bytes) => {
        const begin = Number(bytes)
        const won = []
        for (let round = 0; round < ${rounds}; round++) {
          while (Date.now() < begin + round * 10);
          try { lockDataDir(dataDir('${folder}/' + round)); won.push(round) } catch (error) { if (error.code !== 'E_DATA_HELD') throw error }
        }
        console.log(JSON.stringify(won))
        // The locks are those of live processes until all have tried.
        process.stdin.once('data', () => process.exit())
      })
      console.error('ready')`
    const starters = [1, 2, 3].map(() => startScript(script))
    await until('all are ready', () => starters.every((one) => one.stderr() !== ''))
    const begin = Date.now() + 50
    for (const one of starters) one.say(`${begin}`)
    await until('all have tried', () => starters.every((one) => one.stdout() !== '' || one.isOver))
    const won = starters.flatMap((one) => JSON.parse(one.stdout()) as number[])
    for (const one of starters) one.say('end')
    expect(won.toSorted((a, b) => a - b)).toEqual(Array.from({ length: rounds }, (_, round) => round))
  })
})

describe('a data directory that cannot be made', () => {
  it.each(['/proc/x', '/proc/x/y', '/dev/null/x'])('%s is refused at once', async (path) => {
    const program = startProgram(['ingest', '--root', tempDir(), '--data', path])
    await until('it ends', () => program.isOver, 20_000)
    expect([(await program.ended).code, program.stderr()]).toEqual([3, expect.stringContaining(path)])
    expect(program.stderr()).not.toContain('fault of dcvlens')
  })
})

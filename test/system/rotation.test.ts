import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { EACH_ONCE, FollowedLog, numberFaults, untiled } from '../support/followed-log.ts'
import { until } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

const TIMEOUT = { timeout: 180_000 }
const ROUNDS = 6
/** Names with a date to the second must differ. */
const ROUND_MS = 1100

type Follows = 'file' | 'name' | 'name, and makes it'

/** Writes numbered lines to a log until it is told to stop; says then how many. */
const WRITER = `
  import { appendFileSync, openSync, writeSync, fstatSync, statSync, closeSync } from 'node:fs'
  const [path, flags, follows] = process.argv.slice(1)
  let fd = openSync(path, flags), n = 0, isOver = false
  process.stdin.once('data', () => { isOver = true })
  const step = () => {
    const there = statSync(path, { throwIfNoEntry: false })
    // Where logrotate makes the file nobody else must: it would be moved aside, over what was moved aside before.
    const moved = there === undefined ? follows === 'name, and makes it' : there.ino !== fstatSync(fd).ino
    if (follows !== 'file' && moved) {
      closeSync(fd)
      fd = openSync(path, flags)
    }
    for (let i = 0; i < 10; i++) writeSync(fd, 'line ' + n++ + '\\n')
    if (!isOver) return setTimeout(step, 2)
    writeSync(fd, 'line ' + n++ + '\\n')
    console.log(n)
    process.exit()
  }
  step()`

/** Starts a writer; the returned function stops it and gives the number of lines. */
function writing(path: string, flags: 'a' | 'w', follows: Follows): () => Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, path, flags, follows], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  return stopping(child)
}

function stopping(child: ChildProcess): () => Promise<number> {
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stdout?.on('data', (bytes) => {
    said += String(bytes)
  })
  return async () => {
    child.stdin?.write('stop\n')
    await until('the writer stops', () => child.exitCode !== null)
    return Number(said)
  }
}

/** Rotates as Debian's logrotate does with these words. */
function rotator(path: string, words: string): () => void {
  const folder = tempDir()
  const config = join(folder, 'config')
  writeFileSync(config, `${path} {\n  su root root\n  rotate 20\n  missingok\n  ${words}\n}\n`)
  return () => {
    execFileSync('logrotate', ['-f', '-s', join(folder, 'state'), config])
  }
}

async function rotated(words: string, flags: 'a' | 'w', follows: Follows) {
  const log = new FollowedLog()
  await log.program.url()
  const stop = writing(log.path, flags, follows)
  const rotate = rotator(log.path, words)
  await until('it is written', () => existsSync(log.path))
  for (let round = 0; round < ROUNDS; round++) {
    await sleep(ROUND_MS)
    rotate()
  }
  const written = await stop()
  await until('the last line', async () => (await log.count(`line ${written - 1}`)) > 0, 60_000)
  const contents = await log.contents()
  expect(untiled(contents)).toEqual([])
  return { written, contents, faults: numberFaults(contents.lines, written) }
}

it.each([
  ['create', 'create 0644 root root', 'name'],
  ['create and dates', 'create 0644 root root\n  dateext\n  dateformat -%Y%m%d%H%M%S', 'name'],
  ['nocreate, the writer makes its file', 'nocreate', 'name, and makes it'],
] as const)('logrotate with %s: every line is stored once', TIMEOUT, async (_, words, follows) => {
  const { contents, faults } = await rotated(words, 'a', follows)
  expect(faults).toEqual(EACH_ONCE)
  expect(contents.losses).toEqual([])
})

it.each([
  ['', 'copytruncate'],
  [' and dates', 'copytruncate\n  dateext\n  dateformat -%Y%m%d%H%M%S'],
])(
  'logrotate with copytruncate%s: no line is stored twice, and what logrotate loses is in the ledger',
  TIMEOUT,
  async (_, words) => {
    const { written, contents, faults } = await rotated(words, 'a', 'file')
    expect(faults).toMatchObject({ strange: EACH_ONCE.strange, twice: EACH_ONCE.twice })
    // Between the copy and the cut a few lines may be in neither file.
    expect(contents.lines.length).toBeGreaterThan(written * 0.8)
    expect(contents.losses.some(({ reason }) => reason === 'truncated')).toBe(true)
  },
)

it(
  'logrotate with copytruncate and a writer that goes on where it was: the holes are in the ledger',
  TIMEOUT,
  async () => {
    const { written, contents, faults } = await rotated('copytruncate', 'w', 'file')
    expect(faults).toMatchObject({ strange: EACH_ONCE.strange, twice: EACH_ONCE.twice })
    expect(contents.lines.length).toBeGreaterThan(written * 0.8)
    expect(contents.losses.some(({ reason, length }) => reason === 'nul-hole' && length > 1000)).toBe(true)
    expect(Math.max(...contents.lines.map(({ message }) => message.length))).toBeLessThan(20)
  },
)

/**
 * Each deletes what the other has rotated in the same second: it is read by who has it open. Where the other was faster in the
 * very same moment, Python fails to rename the log and would leave the line unwritten.
 */
const PYTHON = `
import logging.handlers, sys, time
path, name = sys.argv[1:]
class Handler(logging.handlers.TimedRotatingFileHandler):
    def handleError(self, record):
        logging.FileHandler.emit(self, record)
handler = Handler(path, when='S', interval=3)
log = logging.getLogger()
log.addHandler(handler)
for n in range(1600):
    log.warning('%s line %d', name, n)
    time.sleep(0.005)`

it(
  'two Python processes that rotate one log every three seconds: every line of theirs is stored once',
  TIMEOUT,
  async () => {
    const log = new FollowedLog()
    await log.program.url()
    const start = (name: string) =>
      spawn('python3', ['-c', PYTHON, log.path, name], { stdio: ['ignore', 'pipe', 'inherit'] })
    const first = start('first')
    // Started within one second, both rotate in the same moment: Python then fails, or removes what the other has renamed.
    await until('the second is due', async () => (await log.count('first line 250')) > 0)
    const writers = [first, start('second')]
    await until('both are ready', () => writers.every(({ exitCode }) => exitCode === 0), 60_000)
    for (const name of ['first', 'second'])
      await until(`the last of ${name}`, async () => (await log.count(`${name} line 1599`)) > 0)
    const { lines, ...contents } = await log.contents()
    expect(untiled({ lines, ...contents })).toEqual([])
    for (const name of ['first', 'second'])
      expect(
        numberFaults(
          lines.filter(({ message }) => message.startsWith(name)),
          1600,
        ),
      ).toEqual(EACH_ONCE)
  },
)

it(
  'overlayfs, where a file gets another inode when it is first written to: its lines are stored once',
  TIMEOUT,
  async () => {
    const folder = tempDir()
    const [lower, upper, work, root] = ['lower', 'upper', 'work', 'merged'].map((name) =>
      join(folder, name),
    ) as [string, string, string, string]
    const inside = 'var/log/dcv/dcv-xsession.ann.log'
    for (const path of [upper, work, root, join(lower, 'var/log/dcv')]) mkdirSync(path, { recursive: true })
    writeFileSync(join(lower, inside), 'line 0\nline 1\n')
    const tmpfs = join(folder, 'tmpfs')
    mkdirSync(tmpfs)
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', tmpfs])
    onTestFinished(() => void execFileSync('umount', [tmpfs]))
    for (const name of ['upper', 'work']) mkdirSync(join(tmpfs, name))
    const options = `lowerdir=${lower},upperdir=${tmpfs}/upper,workdir=${tmpfs}/work`
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', options, root])
    onTestFinished(() => void execFileSync('umount', ['-l', root]))
    const log = new FollowedLog({ root })
    await until('the first', async () => (await log.count('line 1')) === 1)
    writeFileSync(log.path, 'line 2\n', { flag: 'a' })
    await until('the next', async () => (await log.count('line 2')) === 1)
    const { lines } = await log.contents()
    expect(numberFaults(lines, 3)).toEqual(EACH_ONCE)
    expect(readFileSync(log.path, 'utf8')).toContain('line 2')
  },
)

import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { built } from '../support/built.ts'
import { startFront } from '../support/clickhouse-front.ts'
import { until } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'
import { cpuSeconds, descriptors, memoryText } from './process-cost.ts'
import { StoredDelays } from './stored-delays.ts'
import { WatchedLogs } from './watched-logs.ts'

const FILES = Number(process.env['BENCH_FILES'] ?? 20_000)
const ACTIVE = Number(process.env['BENCH_ACTIVE'] ?? 500)
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 120)
/** Files that were written to are open for a minute. */
const COOLING_MS = 75_000
const TICK_MS = 20
/** Of the other files, one gets a line after so many ticks. */
const QUIET_TICKS = 25
const READ_MS = 1_800_000

/** Where the limits of the machine are changed for the program alone. */
const CONDITIONS = [
  { name: 'watched', begin: 'exec "$0" "$@"', isPolled: false },
  { name: 'polled', begin: 'exec "$0" "$@"', isPolled: true },
  { name: '256 descriptors', begin: 'ulimit -n 256; exec "$0" "$@"', isPolled: false },
  {
    name: 'no inotify',
    begin: `exec unshare -Ur sh -c 'echo 0 > /proc/sys/user/max_inotify_instances; exec "$0" "$@"' "$0" "$@"`,
    isPolled: false,
  },
]
const results: string[] = []

afterAll(() => {
  process.stdout.write(`\n${results.join('\n')}\n`)
})

/** Goals: 150 MB, a line of an active log after 2 s, of a quiet one after 10 s, idle 1 % of a core (5 % polled). */
it.each(CONDITIONS)(`${FILES} logs, of which ${ACTIVE} are written to: $name`, async (condition) => {
  const logs = new WatchedLogs(tempDir(), FILES)
  const { pid, data, hasEnded } = await startWatching(logs, condition)
  const delays = new StoredDelays(data)
  onTestFinished(() => delays.close())
  const report = (text: string) => results.push(`${condition.name}: ${text}`)
  const cpuShare = async (work: () => Promise<void>) => {
    const [begin, before] = [performance.now(), cpuSeconds(pid)]
    await work()
    return `${((100 * (cpuSeconds(pid) - before)) / ((performance.now() - begin) / 1000)).toFixed(2)} % of a core`
  }
  const begin = performance.now()
  await until('all is stored', () => hasEnded() || delays.storedBytes === logs.bytes, READ_MS)
  expect(hasEnded()).toBe(false)
  report(`first read ${((performance.now() - begin) / 1000).toFixed(1)} s, ${memoryText(pid)}`)
  report(`active ${await cpuShare(() => write(logs, delays))}, ${descriptors(pid)} descriptors`)
  await until('every line is stored', () => hasEnded() || delays.missing === 0, 300_000)
  for (const kind of ['active', 'quiet']) report(delays.take(kind))
  await sleep(COOLING_MS)
  report(
    `idle ${await cpuShare(() => sleep(SECONDS * 1000))}, ${descriptors(pid)} descriptors, ${memoryText(pid)}`,
  )
  expect(hasEnded()).toBe(false)
})

async function startWatching(logs: WatchedLogs, { begin, isPolled }: (typeof CONDITIONS)[number]) {
  const front = await startFront({ dataDir: tempDir() })
  onTestFinished(() => front.stop())
  const data = tempDir()
  const config = join(tempDir(), 'config.yaml')
  const polled = isPolled ? `networkFolders: [${logs.root}]\n` : ''
  writeFileSync(config, `logLevel: warn\n${polled}`)
  const where = ['--root', logs.root, '--data', data, '--config', config, '--store', front.url]
  const child = spawn(
    'sh',
    ['-c', begin, process.execPath, built('main.js'), 'serve', ...where, '--port', '0'],
    { stdio: 'inherit' },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  return { pid: child.pid ?? 0, data, hasEnded: () => child.exitCode !== null }
}

/** The active logs get a line a second each, the others one now and then. */
async function write(logs: WatchedLogs, delays: StoredDelays): Promise<void> {
  const append = (n: number, kind: string) => delays.await(logs.path(n), logs.append(n), kind)
  const begin = performance.now()
  let active = 0
  for (let tick = 1; performance.now() - begin < SECONDS * 1000; tick++) {
    const due = Math.floor(((performance.now() - begin) / 1000) * ACTIVE)
    for (; active < due; active++) append(active % ACTIVE, 'active')
    if (tick % QUIET_TICKS === 0) append(ACTIVE + ((tick * 7919) % (FILES - ACTIVE)), 'quiet')
    await sleep(TICK_MS)
  }
}

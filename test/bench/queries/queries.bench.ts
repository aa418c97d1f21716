import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { serviceOn, startApi } from '../../support/api.ts'
import { measuredStore, peakMemory } from './measured-store.ts'
import { type Asked, questions } from './questions.ts'
import { scaledStore } from './scaled-store.ts'

const SIZE = {
  lines: Number(process.env['BENCH_LINES'] || 2_000_000),
  events: Number(process.env['BENCH_EVENTS'] || 100_000),
}
const FOLDER = process.env['BENCH_FOLDER'] || join(tmpdir(), `dcvlens-bench-${SIZE.lines}-${SIZE.events}`)
const ROUNDS = Number(process.env['BENCH_ROUNDS'] || 10)
const WANTED_MS = 300
/** A question that takes longer than this is not asked as often. */
const SLOW_MS = 3000

const tell = (text: string) => process.stdout.write(`${text}\n`)

it(`answers what the page asks of ${SIZE.lines} lines and ${SIZE.events} events`, async () => {
  mkdirSync(FOLDER, { recursive: true })
  tell(`store: ${FOLDER}`)
  const store = measuredStore(join(FOLDER, 'store'))
  await store.close()
  const { knowledge } = serviceOn(store)
  const scale = await scaledStore(FOLDER, SIZE, { rules: knowledge().rules, tell })
  const measured = measuredStore(join(FOLDER, 'store'))
  await migrate(measured)
  const server = await startApi({ store: measured })
  try {
    tell(row(['question', 'first', 'p50', 'p95', 'CPU', 'rows read', 'MB', 'KB']))
    for (const asked of await questions(measured, scale)) tell(await measure(asked))
  } finally {
    await server.close()
    await measured.close()
  }

  async function measure({ name, path }: Asked): Promise<string> {
    const times: number[] = []
    const worked: number[] = []
    let bytes = 0
    let rows = 0
    const ask = async () => {
      const begin = performance.now()
      const before = process.cpuUsage()
      const response = await fetch(server.url + path)
      bytes = (await response.arrayBuffer()).byteLength
      times.push(performance.now() - begin)
      const { user, system } = process.cpuUsage(before)
      worked.push((user + system) / 1000)
      expect(response.status, path).toBe(200)
    }
    const memory = await peakMemory(ask)
    rows = measured.takeRows()
    const [first = 0] = times
    const rounds = first > SLOW_MS ? 2 : ROUNDS
    for (let i = 0; i < rounds; i++) await ask()
    measured.takeRows()
    const [p50, p95] = [quantile(times.slice(1), 0.5), quantile(times.slice(1), 0.95)]
    const values = [first, p50, p95, quantile(worked.slice(1), 0.5), rows, memory / 1e6, bytes / 1000]
    return row([name, ...values.map((value) => value.toFixed(0))]) + (p95 > WANTED_MS ? '  MISSED' : '')
  }
})

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function row([name = '', ...values]: readonly string[]): string {
  return name.padEnd(34) + values.map((value) => value.padStart(11)).join('')
}

import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { tempDir } from '../support/temp-dir.ts'
import { writeCorpus } from './corpus.ts'

const MEGABYTES = Number(process.env['BENCH_MB'] ?? 300)
const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'main.js')
const results: string[] = []

afterAll(() => {
  process.stdout.write(`\n${results.join('\n')}\n`)
})

/** The reference of this run: reading the tree and finding every newline, in one thread. */
function newlineSeconds(root: string): number {
  const buffer = Buffer.alloc(1024 * 1024)
  const start = performance.now()
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const path = join(root, name)
    if (!statSync(path).isFile()) continue
    const fd = openSync(path, 'r')
    for (let size = readSync(fd, buffer); size > 0; size = readSync(fd, buffer)) {
      const bytes = buffer.subarray(0, size)
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1));
    }
    closeSync(fd)
  }
  return (performance.now() - start) / 1000
}

/** Whole process, start included; the middle of three runs. Memory by GNU time, where it is installed. */
function program(args: (run: number) => string[]): { readonly seconds: number; readonly peakMb: string } {
  const runs = [0, 1, 2].map((run) => {
    const start = performance.now()
    const command = ['-f', '%M', process.execPath, MAIN, ...args(run)]
    const timed = spawnSync('/usr/bin/time', command, { encoding: 'utf8', maxBuffer: 1 << 30 })
    const plain =
      timed.error === undefined
        ? timed
        : spawnSync(process.execPath, command.slice(3), { encoding: 'utf8', maxBuffer: 1 << 30 })
    expect(plain.status, plain.stderr).toBe(0)
    const peak =
      timed.error === undefined ? (Number(timed.stderr.trim().split('\n').at(-1)) / 1024).toFixed(0) : '?'
    return { seconds: (performance.now() - start) / 1000, peakMb: peak }
  })
  return runs.sort((a, b) => a.seconds - b.seconds)[1] ?? { seconds: 0, peakMb: '?' }
}

describe('throughput', () => {
  it(`of a tree of ${MEGABYTES} MB`, () => {
    const root = tempDir()
    const data = tempDir()
    const bytes = writeCorpus(root, MEGABYTES)
    newlineSeconds(root)
    const reference = newlineSeconds(root)
    const report = (name: string, { seconds, peakMb }: { seconds: number; peakMb: string }) =>
      results.push(
        `${name.padEnd(18)} ${(bytes / 1e6 / seconds).toFixed(0).padStart(6)} MB/s  ${(seconds / reference).toFixed(1).padStart(6)} × newlines  peak ${peakMb} MB`,
      )
    report('find newlines', { seconds: reference, peakMb: '-' })
    report(
      'start (scan)',
      program(() => ['scan', join(root, 'var/log/dcv/agent.user0.s0.log')]),
    )
    report(
      'scan --json',
      program(() => ['scan', '--json', root]),
    )
    report(
      'scan',
      program(() => ['scan', root]),
    )
    report(
      'ingest',
      program((run) => ['ingest', '--data', join(data, String(run)), root]),
    )
  })
})

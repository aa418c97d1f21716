import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type * as Mining from '../../src/interpret/template/miner.ts'
import { built } from '../support/built.ts'
import { tempDir } from '../support/temp-dir.ts'
import { writeCorpus } from './corpus.ts'

const MEGABYTES = 20
const ROUNDS = 3
const results: string[] = []

afterAll(() => {
  process.stdout.write(`\n${results.join('\n')}\n`)
})

function corpusLines(): string[] {
  const root = tempDir()
  writeCorpus(root, MEGABYTES)
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, name))
    .filter((path) => statSync(path).isFile())
    .flatMap((path) => readFileSync(path, 'utf8').split('\n').slice(0, -1))
}

/** The same lines, each number of them another: nothing is seen twice. */
function withNewNumbers(lines: readonly string[]): string[] {
  let next = 1
  return lines.map((line) => line.replace(/\d+/g, (digits) => String((next++ * 7919) % 10 ** digits.length)))
}

/** Processor seconds of one pass over all lines; the best of some. */
function seconds(lines: readonly string[], begin: () => (line: string) => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const take = begin()
    const from = process.cpuUsage()
    for (const line of lines) take(line)
    const { user, system } = process.cpuUsage(from)
    return (user + system) / 1e6
  })
  return Math.min(...times)
}

/** What no miner can do without: cut each line into words and count the lines of the same words without digits. */
function reference(): (line: string) => void {
  const counts = new Map<string, number>()
  return (line) => {
    const form = line
      .split(/[\s=:,;()[\]"'|]+/)
      .filter((word) => !/\d/.test(word))
      .join(' ')
    counts.set(form, (counts.get(form) ?? 0) + 1)
  }
}

it('names the templates of lines', async () => {
  // As it ships: what tests are made to load runs slower.
  const { Miner } = (await import(built('interpret/template/miner.js'))) as typeof Mining
  const lines = corpusLines()
  for (const [name, set] of [
    ['as logs are', lines],
    ['every number another', withNewNumbers(lines)],
  ] as const) {
    const mining = seconds(set, () => {
      const miner = new Miner()
      return (line) => miner.learn(line)
    })
    const least = seconds(set, reference)
    const rate = Math.round(set.length / mining)
    results.push(
      `${name.padEnd(22)} ${String(set.length)} lines  ${rate} lines/s  ${(mining / least).toFixed(2)} × the reference`,
    )
    expect(rate).toBeGreaterThan(0)
  }
})

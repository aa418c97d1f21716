import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, it } from 'vitest'
import { createClassifier } from '../../src/interpret/classify.ts'
import { createInterpreter } from '../../src/interpret/interpret.ts'
import { loadRules } from '../../src/interpret/load-rules.ts'
import type { Rule } from '../../src/interpret/rule.ts'
import type { RecordChunk } from '../../src/model.ts'
import { chunkOf } from '../interpret/chunk-of.ts'
import { tempDir } from '../support/temp-dir.ts'
import { writeCorpus } from './corpus.ts'

const MEGABYTES = 20
const ROUNDS = 5
const results: string[] = []

afterAll(() => {
  process.stdout.write(`\n${results.join('\n')}\n`)
})

/** Time of one pass over all chunks with these rules, in processor seconds; the best of some. */
function seconds(chunks: readonly RecordChunk[], rules: readonly Rule[]): number {
  const interpret = createInterpreter({ formats: new Map(), classifier: createClassifier(rules) })
  const times = Array.from({ length: ROUNDS }, () => {
    const from = process.cpuUsage()
    for (const chunk of chunks) interpret(chunk)
    const { user, system } = process.cpuUsage(from)
    return (user + system) / 1e6
  })
  return Math.min(...times)
}

/** Rules of their own words, as large as those that ship. */
function invented(like: readonly Rule[], count: number): Rule[] {
  return Array.from({ length: count }, (_, i) => {
    const rule = like[i % like.length] as Rule
    return { ...rule, id: `invented-${i}`, needles: rule.needles.map((needle) => `${needle} of ${i}`) }
  })
}

it('matching costs hardly more with more rules', () => {
  const root = tempDir()
  writeCorpus(root, MEGABYTES)
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name))
  const chunks = files
    .filter((path) => statSync(path).isFile())
    .map((path) => chunkOf(readFileSync(path, 'utf8').split('\n').slice(0, -1)))
  const { rules } = loadRules([join(import.meta.dirname, '../../rules')])
  const sets = [
    [],
    rules.slice(0, 120),
    rules.slice(0, 250),
    rules,
    [...rules, ...invented(rules, Math.max(0, 1000 - rules.length))],
  ]
  const reference = seconds(chunks, [])
  for (const set of sets) {
    const time = seconds(chunks, set)
    const rate = (MEGABYTES / time).toFixed(0)
    results.push(
      `${String(set.length).padStart(5)} rules  ${rate.padStart(5)} MB/s  ${(time / reference).toFixed(2)} × no rules`,
    )
  }
})

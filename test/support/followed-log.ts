import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { type Program, runProgram, startProgram } from './program.ts'
import { tempDir } from './temp-dir.ts'
import { readStore, type StoreContents, type StoredLine, tilingFaults } from './tiling.ts'

const CONFIG = 'batchMs: 100\nscanMs: 200\nflushMs: 100\nlineFlushMs: 300\nlogLevel: warn\n'

/** A tree with one log, and the real program that follows it. */
export class FollowedLog {
  readonly root: string
  /** Where the log is. */
  readonly path: string
  readonly data: string
  readonly program: Program

  constructor({
    root = tempDir(),
    data = tempDir(),
  }: { readonly root?: string; readonly data?: string } = {}) {
    this.root = root
    this.data = data
    this.path = join(root, 'var/log/dcv/dcv-xsession.ann.log')
    const config = join(tempDir(), 'config.yaml')
    mkdirSync(dirname(this.path), { recursive: true })
    writeFileSync(config, CONFIG)
    this.program = startProgram(
      ['serve', '--root', root, '--data', data, '--config', config].concat('--port', '0'),
    )
  }

  /** How many lines are stored now that contain this text. */
  async count(text: string): Promise<number> {
    const url = await this.program.url()
    const answer = await fetch(`${url}/api/v1/search?text=${encodeURIComponent(text)}&limit=1000`)
    const { items } = (await answer.json()) as { items: unknown[] }
    return items.length
  }

  /** Stops the program, has what it did not come to read by `ingest`, and gives all that is stored. */
  async contents(): Promise<StoreContents> {
    expect(await this.program.stop(), this.program.stderr()).toEqual({ code: 0, signal: null })
    const { code, stderr } = await runProgram(['ingest', '--root', this.root, '--data', this.data])
    expect([code, stderr]).toEqual([0, expect.anything()])
    return readStore({ folder: join(this.data, 'store') })
  }
}

/** What keeps the numbers at the end of the stored lines from being 0 … count - 1, each once; at most ten of each kind. */
export function numberFaults(lines: readonly StoredLine[], count: number) {
  const times = new Map<number, number>()
  for (const { message } of lines) {
    const number = Number(/(\d+)$/.exec(message)?.[1] ?? Number.NaN)
    times.set(number, (times.get(number) ?? 0) + 1)
  }
  const missing = Array.from({ length: count }, (_, n) => n).filter((n) => !times.has(n))
  const strange = [...times.keys()].filter((n) => !(n >= 0 && n < count))
  const twice = [...times].filter(([, n]) => n > 1).map(([number]) => number)
  const [first] = twice
  const where = first === undefined ? '' : `; the first in ${placesOf(lines, first)}`
  return { missing: some(missing), strange: some(strange), twice: `${some(twice)}${where}` }
}

/** The rows with this number, by the file that they are of. */
function placesOf(lines: readonly StoredLine[], number: number): string {
  return lines
    .filter(({ message }) => message.endsWith(` ${number}`))
    .map(({ file_id, generation, file, offset }) => `${file_id}:${generation} at ${offset}, ${file}`)
    .join('; ')
}

function some(numbers: readonly number[]): string {
  return `${numbers.length}: ${numbers.slice(0, 10).join(', ')}`
}

/** Every number is stored, and once. */
export const EACH_ONCE = { missing: '0: ', strange: '0: ', twice: '0: ' }

/** Holes and overlaps within the rows of each file and generation. */
export function untiled({ lines, losses }: StoreContents): string[] {
  const files = new Map<string, { offset: number; length: number }[]>()
  for (const span of [...lines, ...losses.filter(({ reason }) => reason === 'nul-hole')]) {
    const key = `${span.file_id}:${span.generation}`
    files.set(key, [...(files.get(key) ?? []), span])
  }
  return [...files.values()].flatMap((spans) =>
    tilingFaults(spans, Math.max(...spans.map(({ offset, length }) => offset + length))),
  )
}

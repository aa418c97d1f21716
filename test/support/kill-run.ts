import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { type Random, random } from '../../src/demo/random.ts'
import type { Front } from './clickhouse-front.ts'
import { LogWriter, MARKER_RULE } from './log-writer.ts'
import { committedFiles, type Program, startProgram, until } from './program.ts'
import { jsonLines } from './sample-cluster.ts'
import { tempDir } from './temp-dir.ts'
import { readStore, storeFaults } from './tiling.ts'

const CONFIG = 'batchMs: 100\nscanMs: 200\nflushMs: 100\nlineFlushMs: 300\nlogLevel: warn\n'
const STEP_MS = 10

/** A seed of its own for each run; DCVLENS_SEED repeats one. */
export function newSeed(): number {
  return Number(process.env['DCVLENS_SEED'] ?? Date.now() % 1_000_000)
}

/** Logs that grow, and the program that reads them. */
export class KillRun {
  readonly data = tempDir()
  /** Kills that left batches in the journal, to be settled by the next start. */
  unsettled = 0
  kills = 0
  readonly #root = tempDir()
  readonly #rules = tempDir()
  readonly #values: Random
  readonly #writer: LogWriter
  readonly #writing: NodeJS.Timeout
  readonly #where: readonly string[]
  readonly #front: Front | undefined
  readonly #startedMs = Date.now()

  constructor(seed: number, front?: Front) {
    this.#front = front
    this.#values = random(seed, 'kills')
    this.#writer = new LogWriter(this.#root, seed)
    mkdirSync(join(this.#rules, 'signatures'))
    writeFileSync(join(this.#rules, 'signatures', 'writer.yaml'), MARKER_RULE)
    writeFileSync(join(this.#rules, 'config.yaml'), CONFIG)
    const folders = ['--root', this.#root, '--data', this.data, '--rules', this.#rules]
    const store = front === undefined ? [] : ['--store', front.url]
    this.#where = [...folders, '--config', join(this.#rules, 'config.yaml'), ...store]
    this.#writing = setInterval(() => this.#writer.step(), STEP_MS)
    onTestFinished(() => clearInterval(this.#writing))
  }

  start(): Program {
    return startProgram(['serve', ...this.#where, '--port', '0'])
  }

  /** A third of the kills falls into the start, when batches of an earlier run are settled. */
  async killProgram(times: number): Promise<void> {
    let startMs = 1000
    for (let kill = 0; kill < times; kill++) {
      const begin = Date.now()
      const program = this.start()
      if (this.#values.int(1, 3) === 1) await this.#someTime(startMs)
      else {
        await program.url()
        startMs = Date.now() - begin
        await this.#someTime(1200)
      }
      await this.kill(program)
    }
  }

  /** Kills the program while the server is away, and the server while the program works; two kills of the program each time. */
  async killProgramAndFront(front: Front, times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      const program = this.start()
      await program.url()
      await this.#someTime(800)
      await front.kill()
      await this.#someTime(800)
      await this.kill(program)
      await front.restart()
      const next = this.start()
      await next.url()
      await this.#someTime(500)
      await front.kill()
      await this.#someTime(500)
      await front.restart()
      await this.#someTime(500)
      await this.kill(next)
    }
  }

  /** Kills the program, which must not have ended by itself. */
  async kill(program: Program): Promise<void> {
    if (program.isOver)
      expect.fail(`the program ended by itself: ${JSON.stringify(await program.ended)}\n${program.stderr()}`)
    await program.kill()
    this.kills++
    if (this.#journalled().length > 0) this.unsettled++
  }

  /** Ends the writing, lets the program read the rest, stops it, and compares the store with the files. */
  async expectEveryLineOnce(last: Program): Promise<string> {
    clearInterval(this.#writing)
    this.#writer.finish()
    const perMinute = Math.round(this.kills / ((Date.now() - this.#startedMs) / 60_000))
    await until('everything is stored', () => last.isOver || this.#isAllCommitted(), 60_000)
    expect(await last.stop(), last.stderr()).toEqual({ code: 0, signal: null })
    expect(this.#journalled()).toEqual([])
    const target = this.#front === undefined ? { folder: join(this.data, 'store') } : { url: this.#front.url }
    const { lines, events, eventCount, trendCount, losses } = await readStore(target)
    expect(storeFaults(lines, this.#written())).toEqual([])
    expect(losses.filter(({ reason }) => reason !== 'invalid-bytes')).toEqual([])
    const markers = events.filter(({ rule_id }) => rule_id === 'writer-marker')
    expect(markers.map(({ number }) => Number(number)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: this.#writer.markers }, (_, n) => n),
    )
    expect(events.filter(({ times }) => times !== 1)).toEqual([])
    const ids = new Set(lines.map(({ event_id }) => event_id))
    expect(events.filter(({ event_id }) => !ids.has(event_id))).toEqual([])
    expect([eventCount, trendCount]).toEqual([events.length, events.length])
    await this.#expectVerified(lines.length)
    return `${this.kills} kills (${perMinute} a minute), ${this.unsettled} of them with batches in the journal; ${lines.length} rows of ${this.#writer.files.length} files, ${events.length} events`
  }

  /** The program itself must find no difference, and have compared every row. */
  async #expectVerified(rows: number): Promise<void> {
    const verify = startProgram(['verify', '--json', ...this.#where])
    const { code } = await verify.ended
    const verdicts = jsonLines(verify.stdout())
    const differing = verdicts.filter(({ status }) => status === 'different')
    expect([code, verify.stderr(), differing]).toEqual([0, '', []])
    const compared = verdicts.filter(({ kind }) => kind === 'file').map((verdict) => Number(verdict['rows']))
    expect(compared.reduce((sum, count) => sum + count, 0)).toBe(rows)
  }

  async #someTime(withinMs: number): Promise<void> {
    await sleep(this.#values.int(0, withinMs))
  }

  #journalled(): string[] {
    const folder = join(this.data, 'journal')
    try {
      return readdirSync(folder).filter((name) => name.endsWith('.json'))
    } catch {
      return []
    }
  }

  #isAllCommitted(): boolean {
    const offsets = new Map(committedFiles(this.data).map((file) => [file.ino, file.reader.offset]))
    return this.#writer.files.every(({ ino, content }) => offsets.get(ino) === content.length)
  }

  #written() {
    const known = new Map(committedFiles(this.data).map((file) => [file.ino, file]))
    return this.#writer.files.map((file) => {
      const { fileId = 'none', generation = 0 } = known.get(file.ino) ?? {}
      return { ...file, fileId, generation }
    })
  }
}

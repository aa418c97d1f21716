import { lstatSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { type Random, random } from '../../src/demo/random.ts'
import { committedFiles, type Program, runProgram, startProgram, until } from './program.ts'
import { sizeOf, TailedLogs } from './tailed-logs.ts'
import { tailingFaults } from './tailing-oracle.ts'
import { tempDir } from './temp-dir.ts'
import { readStore, type StoreContents } from './tiling.ts'

const CONFIG = 'batchMs: 100\nscanMs: 200\nflushMs: 100\nlineFlushMs: 300\nlogLevel: warn\n'
const FILES = 3
const HAPPENINGS = 15
const PAUSE_MS = 150

/** Logs of random lives, and the real program that follows them and is killed now and then. */
export class TailingProgram {
  kills = 0
  readonly #root = tempDir()
  readonly #data = tempDir()
  readonly #values: Random
  readonly #args: readonly string[]
  readonly #runs: TailedLogs[] = []
  #program: Program

  constructor(seed: number) {
    this.#values = random(seed, 'tailing')
    const config = join(tempDir(), 'config.yaml')
    writeFileSync(config, CONFIG)
    mkdirSync(join(this.#root, 'var/log/dcv'), { recursive: true })
    this.#args = ['--root', this.#root, '--data', this.#data, '--config', config]
    this.#program = this.#start()
  }

  /** Some new logs, and what happens to them, one after the other. */
  async live(): Promise<void> {
    const run = this.#runs.length
    const names = Array.from({ length: FILES }, (_, k) => `var/log/dcv/dcv-xsession.run${run}-${k}.log`)
    const logs = new TailedLogs(this.#root, names, (path) => this.#isOpen(path))
    this.#runs.push(logs)
    for (let n = 0; n < HAPPENINGS; n++) {
      await this.#happen(logs, this.#values.int(0, FILES - 1))
      await sleep(this.#values.int(0, PAUSE_MS))
    }
  }

  /** Lets the program read the rest, and compares its store with what was written. */
  async expectEveryLineOnce(): Promise<string> {
    await this.#program.url()
    await until('the logs are stored', () => this.#program.isOver || this.#isAllCommitted(), 60_000)
    expect(await this.#program.stop(), this.#program.stderr()).toEqual({ code: 0, signal: null })
    const { code, stderr } = await runProgram(['ingest', ...this.#args])
    expect([code, stderr]).toEqual([0, expect.anything()])
    const store = await readStore({ folder: join(this.#data, 'store') })
    const writings = this.#runs.flatMap((logs) => logs.writings)
    const faults = tailingFaults(writings, stored(store))
    expect(faults, faults.join('\n')).toEqual([])
    return `${this.kills} kills, ${writings.length} contents, ${store.lines.length} rows, ${store.losses.length} losses`
  }

  async #happen(logs: TailedLogs, file: number): Promise<void> {
    const n = this.#values.int(1, 30)
    const happenings = [
      ...Array.from({ length: 8 }, () => () => logs.append(file, n)),
      ...[
        () => logs.appendPart(file),
        () => logs.appendPart(file),
        () => logs.rotate(file),
        () => logs.rotate(file),
      ],
      ...[() => logs.copyTruncate(file, true), () => logs.copyTruncate(file, false), () => logs.regrow(file)],
      ...[() => logs.delete(file), () => logs.pad(file, 16 + n * n * n), () => this.#kill()],
    ]
    await this.#values.pick(happenings)()
  }

  async #kill(): Promise<void> {
    await this.#program.kill()
    this.kills++
    for (const logs of this.#runs) logs.letGo()
    this.#program = this.#start()
  }

  #start(): Program {
    return startProgram(['serve', ...this.#args, '--port', '0'])
  }

  #isOpen(path: string): boolean {
    const { dev, ino } = lstatSync(path)
    const folder = `/proc/${this.#program.pid}/fd`
    return readdirSync(folder).some((fd) => {
      const stat = statSync(join(folder, fd), { throwIfNoEntry: false })
      return stat?.ino === ino && stat.dev === dev
    })
  }

  /** All logs but their rotations, which `ingest` reads as well. */
  #isAllCommitted(): boolean {
    const offsets = new Map(committedFiles(this.#data).map((file) => [file.ino, file.reader.offset]))
    return this.#runs.every((logs) =>
      [...logs.live].every(([path, writing]) => {
        const size = sizeOf(writing)
        return !path.endsWith('.log') || size === 0 || offsets.get(statSync(path).ino) === size
      }),
    )
  }
}

function stored({ lines, losses }: StoreContents): Parameters<typeof tailingFaults>[1] {
  const place = ({ file_id, generation, file }: { file_id: string; generation: number; file: string }) => ({
    ...{ fileId: file_id, generation, path: file },
  })
  return {
    rows: lines.map((line) => ({
      ...place(line),
      offset: line.offset,
      length: line.length,
      text: line.message,
    })),
    losses: losses.map((loss) => ({ ...loss, file: place(loss) })),
  }
}

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { type Random, random } from '../../src/demo/random.ts'

/** How one log is written, and how its records look in the store. */
type LogKind = {
  readonly path: string
  readonly encoding: 'utf8' | 'utf16le'
  /** A record without its last newline; `text` has one line. */
  readonly record: (text: string, n: number) => string
  readonly newline: '\n' | '\r\n'
  /** What of a whole record is no part of its message. */
  readonly head: RegExp
  readonly rotation: 'none' | 'numbers' | 'dates'
  /** Some records are tracebacks. */
  readonly hasTracebacks: boolean
}

const DESKTOP = '/apps/soca/soca-x/cluster_node_bootstrap/logs/desktop/ann/desk1/ip-10-0-0-1'
const EDH =
  '/apps/soca/soca-x/shared/logs/bootstrap/dcv_node/bob/desk2/3f1c9d3e-0a51-4d53-9a77-0c2f6e1b7a10/9b2d7c64-51d0-4a8e-8a15-6f0e4f0c2d11/ip-10-0-0-2'
const micros = (n: number) => `2026-03-04 05:06:07,${String(n % 1_000_000).padStart(6, '0')}`
const utf8 = { encoding: 'utf8', newline: '\n', rotation: 'none', hasTracebacks: false } as const
const plain = { ...utf8, record: (text: string) => text, head: /^(?!)/ } as const
const dcv = {
  ...utf8,
  record: (text: string, n: number) => `${micros(n)} [ 12:34 ] INFO  main - ${text}`,
  head: /^.{26} \[ 12:34 \] INFO {2}main - /,
}

/** Logs of several products, as their layouts name them. */
const KINDS: readonly LogKind[] = [
  { ...dcv, path: '/var/log/dcv/server.log', rotation: 'numbers' },
  { ...dcv, path: '/var/log/dcv/agent.ann.desk1.log' },
  { ...plain, path: `${DESKTOP}/ComputeNodeInstallDCV.log` },
  { ...plain, path: `${DESKTOP}/ComputeNodeUserCustomization.log` },
  { ...plain, path: '/apps/soca/soca-x/cluster_manager/dcv_alb_manager.py.log', hasTracebacks: true },
  {
    ...utf8,
    path: `${EDH}/02_setup.log`,
    record: (text, n) => `[2026-03-04 05:06:07,${String(n % 1000).padStart(3, '0')}] [INFO] ${text}`,
    head: /^\[.{23}\] \[INFO\] /,
  },
  {
    ...utf8,
    path: '/var/log/messages',
    rotation: 'dates',
    record: (text, n) => `Mar  4 05:06:${String(n % 60).padStart(2, '0')} ip-10-0-0-1 dcvstart[77]: ${text}`,
    head: /^Mar {2}4 [\d:]{8} ip-10-0-0-1 dcvstart\[77\]: /,
  },
  {
    path: '/ProgramData/Amazon/EC2-Windows/Launch/Log/UserdataExecutionSOCA.log',
    encoding: 'utf16le',
    newline: '\r\n',
    rotation: 'none',
    hasTracebacks: false,
    record: (text, n) => `2026-03-04 05:06:${String(n % 60).padStart(2, '0')} Info: ${text}`,
    head: /^.{19} Info: /,
  },
]

/** Word of the records that the rule of `MARKER_RULE` knows. */
const MARKER = 'writer marker'

/** A rule for the records that must become one event each. */
export const MARKER_RULE = `id: writer-marker
version: 1
status: stable
title: A record that the writer counted
severity: warning
layer: product
phase: setup
match: { literal: '${MARKER}', regex: '${MARKER} (?<number>\\d+) end' }
captures: { number: int }
explain: The writer counted {number}.
remedy: [Nothing is to be done.]
provenance: observed
samples: { match: ['${MARKER} 12 end'], no_match: ['another marker 12 end'] }
`

/** A file as it is on disk now; rotated files too. */
export type LogFile = {
  readonly path: string
  readonly ino: number
  readonly content: Buffer
  readonly encoding: 'utf8' | 'utf16le'
  readonly head: RegExp
}

class Log {
  readonly kind: LogKind
  readonly path: string
  readonly rotated: string[] = []
  /** Bytes of the record that is being written which are not in the file yet. */
  #rest: Buffer = Buffer.alloc(0)
  #records = 0
  #text: (n: number) => string

  constructor(root: string, kind: LogKind, text: (n: number) => string) {
    this.kind = kind
    this.path = join(root, kind.path)
    this.#text = text
    mkdirSync(dirname(this.path), { recursive: true })
  }

  /** Appends some bytes, cut anywhere: in the middle of a line, a letter or half a unit. */
  append(values: Random): void {
    let bytes: Buffer = this.#rest
    for (let more = values.int(0, 12); more > 0; more--) bytes = Buffer.concat([bytes, this.#record(values)])
    const cut = values.int(0, 3) === 0 ? values.int(0, bytes.length) : bytes.length
    this.#write(bytes.subarray(0, cut))
    this.#rest = bytes.subarray(cut)
  }

  /** Begins a record and leaves it in its middle. */
  begin(values: Random): void {
    this.finish()
    const bytes = this.#record(values)
    const cut = values.int(1, bytes.length - 3)
    this.#write(bytes.subarray(0, cut))
    this.#rest = bytes.subarray(cut)
  }

  /** Ends the record that was begun. */
  finish(): void {
    this.#write(this.#rest)
    this.#rest = Buffer.alloc(0)
  }

  /** Appends one whole record with this text. */
  appendWhole(text: string): void {
    this.finish()
    this.#write(this.#bytes(this.kind.record(text, this.#records++)))
  }

  rotate(): void {
    if (!existsSync(this.path) || statSync(this.path).size === 0) return
    if (this.kind.rotation === 'dates') {
      const day = String(20260101 + this.rotated.length)
      this.rotated.unshift(`${this.path}-${day}`)
      renameSync(this.path, `${this.path}-${day}`)
      return
    }
    for (let i = this.rotated.length; i > 0; i--) renameSync(`${this.path}.${i}`, `${this.path}.${i + 1}`)
    renameSync(this.path, `${this.path}.1`)
    this.rotated.push(`${this.path}.${this.rotated.length + 1}`)
  }

  #record(values: Random): Buffer {
    const text = `${this.#text(this.#records)} ${values.hex(values.int(1, 60))}`
    const first = this.kind.record(text, this.#records++)
    if (!this.kind.hasTracebacks || values.int(0, 5) > 0) return this.#bytes(first)
    return this.#bytes(
      `Traceback (most recent call last):\n  File "x.py", line ${this.#records}, in <module>\n    main()\nValueError: ${text}`,
    )
  }

  #bytes(record: string): Buffer {
    return Buffer.from(record + this.kind.newline, this.kind.encoding)
  }

  #write(bytes: Buffer): void {
    if (bytes.length === 0) return
    const isUtf16 = this.kind.encoding === 'utf16le' && !existsSync(this.path)
    if (isUtf16) writeFileSync(this.path, Buffer.from([0xff, 0xfe]))
    appendFileSync(this.path, bytes)
  }
}

/** Writes several logs below a root, a little at each step, the same for the same seed. */
export class LogWriter {
  markers = 0
  readonly #values: Random
  readonly #logs: Log[]
  /** This log is left alone for some steps, in the middle of a line; then for some none is. */
  #pause: { readonly log: Log | undefined; steps: number } = { log: undefined, steps: 50 }

  constructor(root: string, seed: number) {
    this.#values = random(seed, 'log-writer')
    this.#logs = KINDS.map((kind, k) => new Log(root, kind, (n) => `log ${k} record ${n} größer ✓`))
  }

  step(): void {
    const values = this.#values
    for (const log of this.#logs) {
      if (log !== this.#pause.log && values.int(0, 2) === 0) log.append(values)
    }
    if (--this.#pause.steps === 0) this.#pauseOrGoOn(values)
    if (values.int(0, 6) === 0) this.#any(() => true).appendWhole(`${MARKER} ${this.markers++} end`)
    if (values.int(0, 90) === 0) this.#rotate()
  }

  /** Ends all records that were begun. */
  finish(): void {
    for (const log of this.#logs) log.finish()
  }

  get files(): LogFile[] {
    return this.#logs.flatMap(({ kind, path, rotated }) =>
      [path, ...rotated]
        .filter((one) => existsSync(one))
        .map((one) => ({
          path: one,
          ino: statSync(one).ino,
          content: readFileSync(one),
          encoding: kind.encoding,
          head: kind.head,
        })),
    )
  }

  #pauseOrGoOn(values: Random): void {
    const log = this.#pause.log === undefined ? this.#any(() => true) : undefined
    log?.begin(values)
    this.#pause = { log, steps: 60 }
  }

  #any(isWanted: (log: Log) => boolean): Log {
    return this.#values.pick(this.#logs.filter((log) => log !== this.#pause.log && isWanted(log)))
  }

  #rotate(): void {
    const log = this.#any(({ kind }) => kind.rotation !== 'none')
    // A program that rotates its own log ends its record first.
    log.finish()
    log.rotate()
  }
}

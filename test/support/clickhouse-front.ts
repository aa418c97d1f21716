import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export type FrontOptions = {
  /** Kept from start to start: `engine/` (the tables) and `bodies/` (data of running inserts). */
  readonly dataDir: string
  /** 0 or absent: a free one; `restart` keeps it. */
  readonly port?: number
  readonly user?: string
  /** With it, name and password are checked; without it, anybody may enter. */
  readonly password?: string
  /** The server is one of a cluster with this name; tables made ON CLUSTER are emulated (`front-cluster.mjs`). */
  readonly cluster?: {
    readonly name: string
    readonly macros: readonly string[]
    readonly internal: boolean
  }
}

export type FrontCounters = {
  /** INSERTs executed to their end, answered or not. */
  readonly inserts: number
  /** Other statements answered. */
  readonly queries: number
  /** Requests that met a fault. */
  readonly faults: number
}

/**
 * Faults on demand. Counted ones are used up by the next INSERTs, first armed first. A restart ends every fault and
 * sets the counters to 0.
 */
export type FrontControl = {
  /** Every request, pings too, is answered by this HTTP status (503) and no ClickHouse error. */
  refuse(status?: number): Promise<void>
  /** The next INSERTs are answered by a ClickHouse error (252, TOO_MANY_PARTS) and not executed. */
  errors(count: number, clickhouseCode?: number, httpStatus?: number): Promise<void>
  /**
   * The next INSERTs (or requests, pings too) are taken in and not answered. They show in system.processes. `heal`
   * lets them go on, even if their client has left by then: a late insert. KILL QUERY ends them.
   */
  hang(count: number, scope?: 'inserts' | 'all'): Promise<void>
  /** The connection of the next INSERTs breaks in the middle of their body: nothing is inserted. */
  cutBefore(count: number): Promise<void>
  /** The next INSERTs are executed, then the connection breaks instead of an answer. */
  cutAfter(count: number): Promise<void>
  /** Every statement waits so long before it is executed. */
  slow(delayMs: number): Promise<void>
  /** Ends every fault. */
  heal(): Promise<void>
  counters(): Promise<FrontCounters>
  /** With a cluster: what was asked of all of it, as the engine's parser writes it, and each insert of data. */
  statements(): Promise<readonly string[]>
}

export type Front = {
  readonly url: string
  readonly control: FrontControl
  /** Ends the engine in good order. */
  stop(): Promise<void>
  /** SIGKILL; connections break. */
  kill(): Promise<void>
  /** Starts it again (after a stop, if it runs) on the same port and directory. */
  restart(): Promise<void>
}

type FromChild = { id?: number; value?: unknown; port?: number; failed?: string }
type Call = (verb: string, ...args: unknown[]) => Promise<unknown>
type Running = {
  readonly port: number
  readonly call: Call
  readonly exited: Promise<void>
  kill(): Promise<void>
}

const stopMs = 10_000
const portRetries = 20
const entry = fileURLToPath(new URL('./front-server.mjs', import.meta.url))

/** Starts a ClickHouse HTTP interface in a child process; the caller never loads an engine. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const first = await startChild({ ...options, port: options.port ?? 0 })
  const port = first.port
  let running: Running | undefined = first
  const call: Call = async (verb, ...args) => {
    if (!running) throw new Error('the ClickHouse front is not running')
    return running.call(verb, ...args)
  }
  const stop = async (): Promise<void> => {
    const last = running
    running = undefined
    if (!last) return
    last.call('stop').catch(() => undefined)
    await Promise.race([last.exited, sleep(stopMs, undefined, { ref: false })])
    await last.kill()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    control: controlOf(call),
    stop,
    async kill() {
      const last = running
      running = undefined
      await last?.kill()
    },
    async restart() {
      await stop()
      running = await startChild({ ...options, port }, portRetries)
    },
  }
}

function controlOf(call: Call): FrontControl {
  const tell = async (verb: string, ...args: unknown[]): Promise<void> => {
    await call(verb, ...args)
  }
  return {
    refuse: (status = 503) => tell('refuse', status),
    errors: (count, clickhouseCode = 252, httpStatus) => tell('errors', count, clickhouseCode, httpStatus),
    hang: (count, scope = 'inserts') => tell('hang', count, scope),
    cutBefore: (count) => tell('cutBefore', count),
    cutAfter: (count) => tell('cutAfter', count),
    slow: (delayMs) => tell('slow', delayMs),
    heal: () => tell('heal'),
    counters: async () => (await call('counters')) as FrontCounters,
    statements: async () => (await call('statements')) as readonly string[],
  }
}

async function startChild(options: FrontOptions & { port: number }, retries = 0): Promise<Running> {
  // Each running statement holds a thread of libuv's pool; four would let hanging queries block the rest.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '32' }
  const child = fork(entry, [JSON.stringify(options)], { env, execArgv: [], serialization: 'advanced' })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const answers = listen(child)
  const started = await answers.started
  if (started.port !== undefined) {
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL')
      await exited
    }
    return { port: started.port, call: answers.call, exited, kill }
  }
  await exited
  // Between kill and restart a passing connection may have been given our port.
  if (retries === 0) throw new Error(`the ClickHouse front did not start: ${started.failed ?? 'it exited'}`)
  await sleep(100)
  return startChild(options, retries - 1)
}

function listen(child: ChildProcess): { started: Promise<FromChild>; call: Call } {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let number = 0
  const started = new Promise<FromChild>((resolve) => {
    child.on('message', (message: FromChild) => {
      if (message.id === undefined) return resolve(message)
      waiting.get(message.id)?.resolve(message.value)
      waiting.delete(message.id)
    })
    child.once('exit', () => {
      resolve({})
      for (const { reject } of waiting.values()) reject(new Error('the ClickHouse front has ended'))
    })
  })
  const call: Call = (verb, ...args) =>
    new Promise((resolve, reject) => {
      number += 1
      waiting.set(number, { resolve, reject })
      child.send({ id: number, verb, args }, (error) => error && reject(error))
    })
  return { started, call }
}

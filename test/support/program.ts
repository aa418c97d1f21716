import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { built, type Ended, type Ran } from './built.ts'
import { runLoaded } from './command-runner.ts'

export type Program = {
  readonly pid: number
  readonly ended: Promise<Ended>
  readonly isOver: boolean
  /** Its stdout as it comes, for a reader that goes away. */
  readonly output: Readable
  stdout(): string
  stderr(): string
  /** Writes to its standard input. */
  say(text: string): void
  /** Address of its API, once it answers; rejects when it ends before. */
  url(): Promise<string>
  kill(): Promise<void>
  stop(): Promise<Ended>
}

export type RunOptions = {
  readonly cwd?: string
  /** Its standard input; without it there is none. */
  readonly input?: string
  /** As whom it runs, by number. */
  readonly uid?: number
  /** Variables of its environment besides ours. */
  readonly env?: Readonly<Record<string, string>>
}

/** Who may read only what everybody may; root itself may read everything. */
export const NOBODY = process.geteuid?.() === 0 ? { uid: 65534 } : {}

/** A run that takes longer hangs. */
const RUN_TIMEOUT_MS = 60_000

/** Of what a program wrote on stderr, the end is shown: so many characters. */
const MOST_SHOWN = 4000

/** Starts the real program; it is killed with the test that started it, at the latest. */
export function startProgram(args: readonly string[]): Program {
  const program = startLasting(args)
  onTestFinished(program.kill)
  return program
}

/** Starts the real program for several tests; who starts it must kill it. */
export function startLasting(args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  return programOf(
    spawn(process.execPath, [built('main.js'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    }),
  )
}

/** Runs a command of the program to its end; in a process of its own where that is asked for anything. */
export async function runProgram(args: readonly string[], options?: RunOptions): Promise<Ran> {
  const ran = options === undefined ? await runLoaded(args, RUN_TIMEOUT_MS) : undefined
  return ran ?? runAlone(args, options)
}

/** Runs the real program to its end. */
export async function runAlone(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { input, env, ...rest } = options
  const child = spawn(process.execPath, [built('main.js'), ...args], {
    ...rest,
    env: { ...process.env, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    timeout: RUN_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  child.stdin?.end(input)
  const program = programOf(child)
  const ended = await program.ended
  return { ...ended, stdout: program.stdout(), stderr: program.stderr() }
}

/** Runs a script (an ES module) in a process of its own. */
export function startScript(script: string, args: readonly string[] = []): Program {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const program = programOf(child)
  onTestFinished(program.kill)
  return program
}

function programOf(child: ChildProcess): Program {
  const written = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (bytes: Buffer) => written[name].push(bytes))
  }
  let isOver = false
  const stderr = () => Buffer.concat(written.stderr).toString()
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      isOver = true
      // biome-ignore lint/suspicious/noConsole: shown when the test fails; why a program ended is on its stderr.
      console.error(
        `${child.spawnargs.slice(1, 4).join(' ')} … ended (${code ?? signal})\n${stderr().slice(-MOST_SHOWN)}`,
      )
      resolve({ code, signal })
    })
  })
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  return {
    pid: child.pid ?? 0,
    ended,
    output: child.stdout ?? Readable.from([]),
    get isOver() {
      return isOver
    },
    stdout: () => Buffer.concat(written.stdout).toString(),
    stderr,
    say: (text) => {
      child.stdin?.write(text)
    },
    async url() {
      const found = () => /answers on (http:\/\/[^/]+)/.exec(stderr())?.[1]
      await until('the program answers', () => found() !== undefined || isOver, 60_000)
      const url = found()
      if (url === undefined) throw new Error(`the program ended before it answered:\n${stderr()}`)
      return url
    },
    kill,
    async stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** Waits until it is so, looking often; throws with `what` if it is not in time. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  deadlineMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + deadlineMs
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not in ${deadlineMs} ms: ${what}`)
    await sleep(25)
  }
}

/** A file as the checkpoints of a data directory know it. */
export type KnownFile = {
  readonly fileId: string
  readonly generation: number
  readonly lastPath: string
  readonly ino: number
  readonly reader: { readonly offset: number }
}

/** What is committed now, while the program runs or not: the last line about each file and generation. */
export function committedFiles(data: string, folder = 'checkpoints'): KnownFile[] {
  const path = join(data, folder, 'checkpoints.log')
  if (!existsSync(path)) return []
  const files = new Map<string, KnownFile>()
  for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
    const file = JSON.parse(line.slice(9)) as KnownFile
    const before = files.get(`${file.fileId}:${file.generation}`)?.reader.offset ?? 0
    if (file.reader.offset >= before) files.set(`${file.fileId}:${file.generation}`, file)
  }
  return [...files.values()]
}

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { built, type Ran } from './built.ts'

const SCRIPT = join(import.meta.dirname, 'command-runner.mjs')

/** A process is replaced after so many commands, before what each leaves in it adds up. */
const MOST_RUNS = 100

let runner: Promise<ChildProcess> | undefined
let runs = 0
let isBusy = false

/**
 * Runs a command of the program in a process that has loaded it already; what `main.ts` does around it is not run. Undefined
 * where that process is at work: who runs several commands at a time wants them side by side.
 */
export async function runLoaded(args: readonly string[], timeoutMs: number): Promise<Ran | undefined> {
  if (isBusy) return undefined
  isBusy = true
  try {
    runner ??= started()
    const child = await runner
    runs++
    child.send(args)
    const ran = await answered(child, timeoutMs)
    if (ran.code === null || runs >= MOST_RUNS) await ended(child)
    return ran
  } finally {
    isBusy = false
  }
}

async function started(): Promise<ChildProcess> {
  const child = fork(SCRIPT, [built('cli/program.js'), built('clock.js')], { stdio: 'ignore' })
  await once(child, 'message')
  // It does not hold the tests: it ends with them.
  child.unref()
  child.channel?.unref()
  return child
}

async function answered(child: ChildProcess, timeoutMs: number): Promise<Ran> {
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  const settled = new AbortController()
  const told = once(child, 'message', settled).then(([ran]) => ({ signal: null, ...ran }))
  const gone = once(child, 'exit', settled).then(([code, signal]) => ({
    code,
    signal,
    stdout: '',
    stderr: '',
  }))
  try {
    return await Promise.race([told, gone])
  } finally {
    clearTimeout(timer)
    // Nobody waits for the other one.
    for (const waiting of [told, gone]) waiting.catch(() => {})
    settled.abort()
  }
}

async function ended(child: ChildProcess): Promise<void> {
  runner = undefined
  runs = 0
  if (child.exitCode !== null || child.signalCode !== null) return
  child.disconnect()
  await once(child, 'exit')
}

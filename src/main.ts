#!/usr/bin/env node
import { once } from 'node:events'
import { runCli } from './cli/program.ts'
import { systemClock } from './clock.ts'

/** The only place with signals and process exit. A second signal does not wait for the drain. */
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  })
}
// A reader that goes away (`dcvlens scan … | head`) is no failure: the command ends in order, for the embedded engine would
// crash under a sudden exit and folders would be left behind, and says nothing more.
let readerIsGone = false
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  readerIsGone = true
  stop.abort()
})
const drained = async () => {
  if (readerIsGone || !process.stdout.writableNeedDrain) return
  // An error ends the waiting, too.
  await once(process.stdout, 'drain').catch(() => {})
}

const exit = await runCli(process.argv.slice(2), {
  out: (text) => void (readerIsGone || process.stdout.write(text)),
  drained,
  err: (text) => void (readerIsGone || process.stderr.write(text)),
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
  columns: process.stdout.columns ?? 120,
  env: process.env,
  stdin: process.stdin,
  clock: systemClock,
  signal: stop.signal,
})
// The embedded engine keeps threads that would hold the process; all that counts has been closed.
process.stdout.write('', () => process.exit(readerIsGone ? 0 : exit))

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
// A reader that goes away (`dcvlens scan … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const exit = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  drained: async () => {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
  },
  err: (text) => process.stderr.write(text),
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
  columns: process.stdout.columns ?? 120,
  env: process.env,
  stdin: process.stdin,
  clock: systemClock,
  signal: stop.signal,
})
// The embedded engine keeps threads that would hold the process; all that counts has been closed.
process.stdout.write('', () => process.exit(exit))

#!/usr/bin/env node
import './heap.ts'
import { once } from 'node:events'
import { runCli } from './cli/program.ts'
import { systemClock } from './clock.ts'
import { Exit, errorCode, errorText } from './errors.ts'

/** The only place with signals and process exit. A second signal does not wait for the drain. */
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  })
}
// What cannot be written any more ends the command in order, for the embedded engine would crash under a sudden exit and folders
// would be left behind; what it says of being stopped is not its fault. A reader that goes away (`dcvlens scan … | head`) is no
// failure, and nothing is said of it; a full disk is.
let fault: NodeJS.ErrnoException | undefined
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  fault ??= error
  stop.abort()
})
process.stderr.on('error', () => {})
const drained = async () => {
  if (fault !== undefined || !process.stdout.writableNeedDrain) return
  // An error ends the waiting, too.
  await once(process.stdout, 'drain').catch(() => {})
}

let exit = await runCli(process.argv.slice(2), {
  out: (text) => void (fault ?? process.stdout.write(text)),
  drained,
  err: (text) => void (fault ?? process.stderr.write(text)),
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
  // A terminal may say that it has no width.
  columns: process.stdout.columns || 120,
  env: process.env,
  stdin: process.stdin,
  clock: systemClock,
  signal: stop.signal,
})
// Whether all was written is known when what comes last has been.
const lastFault = await new Promise<Error | null | undefined>((done) => process.stdout.write('', done))
const cause = fault ?? lastFault
if (cause) {
  exit = errorCode(cause) === 'EPIPE' ? Exit.done : Exit.runtime
  if (exit !== Exit.done) process.stderr.write(unwrittenText(cause))
}
// The embedded engine keeps threads that would hold the process; all that counts has been closed.
process.exit(exit)

function unwrittenText(cause: Error): string {
  return `dcvlens: the output could not be written: ${errorText(cause)}\n  Make room where it goes, and run it again.\n`
}

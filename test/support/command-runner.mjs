import { Readable } from 'node:stream'

// Runs one command line after the other in this process, as the program runs one: what takes long is to load it and its engine.
const [, , program, clock] = process.argv
const { runCli } = await import(program)
const { systemClock } = await import(clock)

process.on('message', async (args) => {
  const written = { out: '', err: '' }
  const code = await runCli(args, {
    out: (text) => {
      written.out += text
    },
    drained: () => Promise.resolve(),
    err: (text) => {
      written.err += text
    },
    outIsTerminal: false,
    errIsTerminal: false,
    columns: 120,
    env: process.env,
    stdin: Readable.from([]),
    clock: systemClock,
    signal: new AbortController().signal,
  })
  process.send({ code, stdout: written.out, stderr: written.err })
})
process.on('disconnect', () => process.exit())
process.send('ready')

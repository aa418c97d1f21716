import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, loadConfig } from '../config.ts'
import { runDemo } from '../demo/demo.ts'
import type { Io } from './io.ts'
import type { ServeOptions } from './serve.ts'
import { serve } from './serving.ts'

/** The history of the demo is read within seconds; what comes later counts as new. */
const LEARN_HOURS = 0.01
const SCAN_MS = 1000

/** Serves the demo, a simulated machine: its tree and, unless `--data` is given, its data are in a temporary folder. */
export async function serveDemo(options: ServeOptions, io: Io): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dcvlens-demo-'))
  const root = join(folder, 'cluster')
  const stop = new AbortController()
  const signal = AbortSignal.any([io.signal, stop.signal])
  try {
    const config = demoConfig(loadConfig(options.config, { data: join(folder, 'data'), ...options, root }))
    io.err(`A cluster of twelve desktops comes up in ${root} and gets a new one every few minutes\n`)
    let demo = Promise.resolve()
    await new Promise<void>((resolve) => {
      demo = runDemo({ root, clock: io.clock, signal, endless: true, onHistory: resolve }).finally(resolve)
    })
    await serve(config, options, io)
    stop.abort()
    await demo
  } finally {
    stop.abort()
    rmSync(folder, { recursive: true, force: true })
  }
}

function demoConfig(config: Config): Config {
  const { scanMs, learnHours } = config
  return { ...config, scanMs: Math.min(scanMs, SCAN_MS), learnHours: Math.min(learnHours, LEARN_HOURS) }
}

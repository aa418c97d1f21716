import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../config.ts'
import { runDemo } from '../demo/demo.ts'
import type { Io } from './io.ts'
import type { ServeOptions } from './serve.ts'
import { serve } from './serving.ts'

/** The demo is a machine of its own: its tree and, unless `--data` is given, its data live in a temporary folder. */
export async function serveDemo(options: ServeOptions, io: Io): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dcvlens-demo-'))
  const root = join(folder, 'cluster')
  const stop = new AbortController()
  const signal = AbortSignal.any([io.signal, stop.signal])
  try {
    const config = loadConfig(options.config, { data: join(folder, 'data'), ...options, root })
    io.err(`A cluster of twelve desktops comes up in ${root}\n`)
    let demo = Promise.resolve()
    await new Promise<void>((resolve) => {
      demo = runDemo({ root, clock: io.clock, signal, onHistory: resolve }).finally(resolve)
    })
    await serve({ ...config, scanMs: Math.min(config.scanMs, 1000) }, options, io)
    stop.abort()
    await demo
  } finally {
    stop.abort()
    rmSync(folder, { recursive: true, force: true })
  }
}

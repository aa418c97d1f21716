import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/** `npm run bench:queries -- --lines 100000000 --events 5000000 --folder DIR`; a folder is kept for the next run. */
const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '2000000' },
    events: { type: 'string', default: '100000' },
    folder: { type: 'string', default: '' },
    rounds: { type: 'string', default: '10' },
  },
})
const vitest = join(import.meta.dirname, '..', '..', '..', 'node_modules', 'vitest', 'vitest.mjs')
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'bench-queries'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    BENCH_LINES: values.lines,
    BENCH_EVENTS: values.events,
    BENCH_FOLDER: values.folder,
    BENCH_ROUNDS: values.rounds,
  },
})
process.exitCode = status ?? 1

import { defineConfig } from 'vitest/config'

/** Most tests wait for a program they have started, and for what it waits: three at a time keep two cores busy. */
const common = { testTimeout: 120_000, hookTimeout: 120_000, pool: 'forks' as const, maxWorkers: 3 }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          // The program's modules are loaded once by each worker, not once by each file.
          isolate: false,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/system/**', 'test/soak/**'],
        },
      },
      { test: { ...common, maxWorkers: 2, name: 'system', include: ['test/system/**/*.test.ts'] } },
      { test: { ...common, name: 'bench', include: ['test/bench/*.bench.ts'], testTimeout: 3_600_000 } },
      {
        test: {
          ...common,
          name: 'bench-queries',
          include: ['test/bench/queries/*.bench.ts'],
          testTimeout: 36_000_000,
        },
      },
      { test: { ...common, name: 'soak', include: ['test/soak/**/*.test.ts'], testTimeout: 3_600_000 } },
    ],
  },
})

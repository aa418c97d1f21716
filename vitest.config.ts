import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Most tests wait for a program they have started, and for what it waits: three at a time keep two cores busy. */
const common = { testTimeout: 120_000, hookTimeout: 120_000, pool: 'forks' as const, maxWorkers: 3 }

/** What takes longest, in that order: begun last, it would keep one worker busy while the others have nothing left to do. */
const LONGEST = [
  'cli/network-files',
  'exactly-once/kill',
  'cli/alerts',
  'triage/alerts/evaluator',
  'triage/alerts/flood',
  'system/ui',
  'system/ui-desktops',
  'system/rotation',
].map((name) => `/test/${name}.test.ts`)

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => LONGEST.findIndex((name) => moduleId.endsWith(name))
    const sorted = await super.sort(files)
    const long = sorted.filter((file) => rank(file) >= 0).sort((a, b) => rank(a) - rank(b))
    return [...long, ...sorted.filter((file) => rank(file) < 0)]
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
      { test: { ...common, name: 'system', include: ['test/system/**/*.test.ts'] } },
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

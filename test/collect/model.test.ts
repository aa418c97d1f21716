import fc from 'fast-check'
import { afterAll, beforeAll, it } from 'vitest'
import { newSeed } from '../support/kill-run.ts'
import { tailingFaults } from '../support/tailing-oracle.ts'
import { NAMES, TailingWorld } from '../support/tailing-world.ts'
import { VirtualTime } from '../support/virtual-time.ts'

/** Where a failure was found in the runs of a seed, as it was reported. */
const PATH = process.env['DCVLENS_PATH']
const RUNS = Number(process.env['DCVLENS_RUNS'] ?? 1000)
const seed = newSeed()
const time = new VirtualTime()

beforeAll(() => time.begin())
afterAll(() => time.end())

/** What can happen to a log and to its tailer, by name, with what it needs to know. */
const HAPPENINGS = {
  append: (world: TailingWorld, file: number, n: number) => world.logs.append(file, n),
  appendPart: (world: TailingWorld, file: number) => world.logs.appendPart(file),
  hole: (world: TailingWorld, file: number, n: number) => {
    world.logs.pad(file, n * n * n)
    world.logs.append(file, 1)
  },
  pad: (world: TailingWorld, file: number, n: number) => world.logs.pad(file, n * n),
  fill: (world: TailingWorld, file: number) => world.logs.fill(file),
  rotate: (world: TailingWorld, file: number) => world.logs.rotate(file),
  copyTruncate: (world: TailingWorld, file: number) => world.logs.copyTruncate(file, true),
  truncate: (world: TailingWorld, file: number) => world.logs.copyTruncate(file, false),
  regrow: (world: TailingWorld, file: number) => world.logs.regrow(file),
  delete: (world: TailingWorld, file: number) => world.logs.delete(file),
  recreate: (world: TailingWorld, file: number, n: number) => {
    world.logs.delete(file)
    world.logs.append(file, n)
  },
  occupy: (world: TailingWorld) => world.logs.occupy(),
  vacate: (world: TailingWorld) => world.logs.vacate(),
  poll: (world: TailingWorld, file: number, n: number) =>
    world.poll(PAUSES_MS[(file + n) % PAUSES_MS.length] ?? 0),
  hint: (world: TailingWorld) => world.hint(),
  notice: (world: TailingWorld, file: number) => world.hint(file),
  seal: (world: TailingWorld) => world.seal(),
  acknowledge: (world: TailingWorld, _: number, n: number) => world.acknowledge(n),
  crash: (world: TailingWorld) => world.crash(),
  forward: () => time.set(time.nowMs() + 61_000),
  back: () => time.set(time.nowMs() - 3_600_000),
  failOpen: (world: TailingWorld, file: number) => world.fail('open', file),
  failRead: (world: TailingWorld, file: number) => world.fail('read', file),
  heal: (world: TailingWorld) => world.heal(),
  remount: (world: TailingWorld) => world.remount(),
}

const PAUSES_MS = [0, 50, 300, 1100, 5100]
const WEIGHTS: Partial<Record<keyof typeof HAPPENINGS, number>> = {
  ...{ append: 10, appendPart: 4, notice: 3, poll: 12, seal: 4, acknowledge: 3, crash: 2, rotate: 3 },
}
const happening = fc.record({
  name: fc.oneof(
    ...Object.keys(HAPPENINGS).map((name) => ({
      arbitrary: fc.constant(name as keyof typeof HAPPENINGS),
      weight: WEIGHTS[name as keyof typeof HAPPENINGS] ?? 1,
    })),
  ),
  file: fc.nat(NAMES.length - 1),
  n: fc.integer({ min: 1, max: 30 }),
})

type Happening = { readonly name: keyof typeof HAPPENINGS; readonly file: number; readonly n: number }

/** A log was read, and deleted while it was open, and is closed by now. */
const DELETED: readonly Happening[] = [
  { name: 'appendPart', file: 1, n: 1 },
  { name: 'poll', file: 1, n: 18 },
  { name: 'delete', file: 1, n: 1 },
  { name: 'forward', file: 0, n: 1 },
  { name: 'poll', file: 0, n: 1 },
]

/**
 * What went wrong once: a log that ends in NULs, is mounted anew and rotated by copy; such a log that is rotated by copy and
 * made anew; a log that is cut while nothing can be read; one that is written anew then, and deleted;
 * an empty log that is deleted before it is settled, whose inode another one gets that is rotated by copy;
 * an empty log whose path a copy gets while it waits; a log that is deleted, after which another one comes that begins alike
 * and is rotated by copy: that one has its inode, or the copy has it, or neither.
 */
const FOUND: readonly Happening[][] = [
  [
    { name: 'appendPart', file: 1, n: 1 },
    { name: 'pad', file: 1, n: 1 },
    { name: 'poll', file: 0, n: 19 },
    { name: 'remount', file: 0, n: 1 },
    { name: 'append', file: 0, n: 1 },
    { name: 'copyTruncate', file: 1, n: 1 },
    { name: 'append', file: 0, n: 1 },
  ],
  [
    { name: 'append', file: 1, n: 1 },
    { name: 'pad', file: 1, n: 1 },
    { name: 'poll', file: 0, n: 1 },
    { name: 'copyTruncate', file: 1, n: 1 },
    { name: 'recreate', file: 1, n: 1 },
  ],
  [
    { name: 'append', file: 2, n: 1 },
    { name: 'poll', file: 0, n: 1 },
    { name: 'append', file: 2, n: 1 },
    { name: 'failRead', file: 0, n: 1 },
    { name: 'truncate', file: 2, n: 1 },
    { name: 'hint', file: 0, n: 1 },
    { name: 'appendPart', file: 2, n: 1 },
    { name: 'poll', file: 1, n: 1 },
  ],
  [
    { name: 'append', file: 2, n: 1 },
    { name: 'poll', file: 0, n: 1 },
    { name: 'append', file: 2, n: 1 },
    { name: 'regrow', file: 2, n: 1 },
    { name: 'failRead', file: 0, n: 1 },
    { name: 'delete', file: 2, n: 1 },
    { name: 'forward', file: 0, n: 1 },
    { name: 'poll', file: 0, n: 1 },
  ],
  [
    { name: 'fill', file: 0, n: 1 },
    { name: 'poll', file: 0, n: 1 },
    { name: 'delete', file: 0, n: 1 },
    { name: 'append', file: 2, n: 1 },
    { name: 'hint', file: 0, n: 1 },
    { name: 'poll', file: 1, n: 1 },
    { name: 'forward', file: 0, n: 1 },
    { name: 'copyTruncate', file: 2, n: 1 },
    { name: 'acknowledge', file: 0, n: 1 },
    { name: 'seal', file: 0, n: 1 },
    { name: 'hint', file: 0, n: 1 },
  ],
  [
    { name: 'fill', file: 2, n: 1 },
    { name: 'copyTruncate', file: 2, n: 1 },
    { name: 'append', file: 2, n: 1 },
    { name: 'poll', file: 0, n: 1 },
    { name: 'forward', file: 0, n: 1 },
    { name: 'copyTruncate', file: 2, n: 1 },
    { name: 'acknowledge', file: 0, n: 1 },
    { name: 'seal', file: 0, n: 1 },
    { name: 'hint', file: 0, n: 1 },
  ],
  [
    ...DELETED,
    { name: 'append', file: 1, n: 1 },
    { name: 'copyTruncate', file: 1, n: 1 },
    { name: 'appendPart', file: 0, n: 1 },
    { name: 'append', file: 0, n: 1 },
  ],
  [
    ...DELETED,
    { name: 'occupy', file: 0, n: 1 },
    { name: 'append', file: 1, n: 1 },
    { name: 'vacate', file: 0, n: 1 },
    { name: 'copyTruncate', file: 1, n: 1 },
  ],
  [
    ...DELETED,
    { name: 'occupy', file: 0, n: 1 },
    { name: 'append', file: 1, n: 1 },
    { name: 'copyTruncate', file: 1, n: 1 },
  ],
]

/** Everything works again, for long enough. */
async function settle(world: TailingWorld): Promise<void> {
  world.heal()
  for (let round = 0; round < 3; round++) {
    await world.poll(10_500)
    time.set(time.nowMs() + 61_000)
  }
  await world.poll(10_500)
  world.seal()
  await world.acknowledge()
}

it(`whatever happens, every line is stored once or the ledger tells (seed ${seed})`, {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 3, maxLength: 30 }),
      fc.boolean(),
      async (happenings, isFar) => {
        const world = new TailingWorld(time, { isFar })
        try {
          for (const { name, file, n } of happenings) await HAPPENINGS[name](world, file, n)
          await settle(world)
          const { logs, stored, setBack } = world
          const faults = [...tailingFaults(logs.writings, stored), ...setBack]
          if (faults.length > 0) throw new Error(faults.join('\n'))
        } finally {
          await world.close()
        }
      },
    ),
    {
      seed,
      includeErrorInReport: true,
      numRuns: RUNS,
      examples: FOUND.flatMap((found): [Happening[], boolean][] => [
        [found, false],
        [found, true],
      ]),
      ...(PATH === undefined ? {} : { path: PATH }),
    },
  )
})

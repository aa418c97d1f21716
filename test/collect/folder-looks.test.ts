import fs, { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { defaultLocations } from '../../src/collect/discover.ts'
import { tempDir } from '../support/temp-dir.ts'
import { shippedKnowledge } from '../support/watched-tree.ts'

const { layouts } = shippedKnowledge()
const DESKTOPS = 'apps/soca/soca-x/cluster_node_bootstrap/logs/desktop'
const PATHS = [
  'var/log/dcv/server.log',
  'var/log/messages',
  'apps/soca/soca-x/cluster_manager/dcv_alb_manager.py.log',
  ...['ann/one/ip-10-0-0-1', 'ann/two/ip-10-0-0-2', 'bob/one/ip-10-0-0-3'].flatMap((desktop) => [
    `${DESKTOPS}/${desktop}/rc_local.log`,
    `${DESKTOPS}/${desktop}/ComputeNodeInstallDCV.log`,
  ]),
]

async function pathsOf(scan: ReturnType<typeof defaultLocations>): Promise<string[]> {
  const paths: string[] = []
  for await (const { path, look } of scan()) paths.push(`${path} ${look}`)
  return paths.sort()
}

/** Waits until the clock of the file system has moved on, which is coarse. */
function tick(folder: string): void {
  const path = join(folder, 'clock')
  const timeMs = () => {
    writeFileSync(path, 'x')
    return statSync(path).ctimeMs
  }
  for (const begin = timeMs(); timeMs() === begin; );
}

const op = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), path: fc.constantFrom(...PATHS) }),
  fc.record({ kind: fc.constant('remove' as const), path: fc.constantFrom(...PATHS) }),
  fc.record({ kind: fc.constant('remove folder' as const), path: fc.constantFrom(...PATHS) }),
  fc.record({ kind: fc.constant('rotate' as const), path: fc.constantFrom(...PATHS) }),
  fc.record({ kind: fc.constant('clock' as const), ms: fc.constantFrom(0, 2000, 5000, 130_000) }),
)
type Op = typeof op extends fc.Arbitrary<infer T> ? T : never

function apply(root: string, step: Exclude<Op, { kind: 'clock' }>): void {
  const path = join(root, step.path)
  if (step.kind === 'remove') rmSync(path, { force: true })
  else if (step.kind === 'remove folder') rmSync(dirname(path), { recursive: true, force: true })
  else if (step.kind === 'write') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, 'x\n', { flag: 'a' })
  } else if (statSync(path, { throwIfNoEntry: false }) !== undefined) renameSync(path, `${path}.1`)
}

it('a scan that does not list unchanged folders again sees what one does that lists all', async () => {
  const clock = tempDir()
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 5, maxLength: 20 }), async (steps) => {
      const root = tempDir()
      let now = 1_000_000
      const scan = defaultLocations(layouts, root, { nowMs: () => now })
      for (const step of steps) {
        if (step.kind === 'clock') now += step.ms
        else apply(root, step)
        tick(clock)
        expect(await pathsOf(scan)).toEqual(await pathsOf(defaultLocations(layouts, root)))
      }
    }),
    { numRuns: 15 },
  )
})

it('lists no folder again that has looked the same for long, and all every two minutes', async () => {
  const root = tempDir()
  for (const path of PATHS) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), 'x\n')
  }
  let listed = 0
  const whole = fs.readdir
  Object.assign(fs, {
    readdir: (...args: Parameters<typeof fs.readdir>) => {
      listed++
      whole(...args)
    },
  })
  syncBuiltinESMExports()
  onTestFinished(() => {
    Object.assign(fs, { readdir: whole })
    syncBuiltinESMExports()
  })
  let now = 1_000_000
  const scan = defaultLocations(layouts, root, { nowMs: () => now })
  const listedAfter = async (ms: number) => {
    now += ms
    listed = 0
    expect(await pathsOf(scan)).toHaveLength(PATHS.length)
    return listed > 0
  }
  expect(await listedAfter(0)).toBe(true)
  expect(await listedAfter(1000)).toBe(true)
  expect(await listedAfter(5000)).toBe(true)
  expect(await listedAfter(5000)).toBe(false)
  chmodSync(join(root, dirname(PATHS[0] ?? '')), 0o700)
  expect(await listedAfter(5000)).toBe(true)
  expect(await listedAfter(5000)).toBe(true)
  expect(await listedAfter(5000)).toBe(false)
  expect(await listedAfter(120_000)).toBe(true)
})

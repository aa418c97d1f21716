import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { defaultLocations, locationAt } from '../../src/collect/discover.ts'
import { discoverNamed } from '../../src/collect/discover-named.ts'
import { loadLayouts } from '../../src/collect/load-layouts.ts'
import type { NotRead } from '../../src/collect/not-read.ts'
import { ownOutput } from '../../src/collect/own-output.ts'
import { built } from '../support/built.ts'
import { tempDir } from '../support/temp-dir.ts'

const layouts = loadLayouts([join(import.meta.dirname, '..', '..', 'rules')])

function tree(...names: readonly string[]): string {
  const root = tempDir()
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), 'x\n')
  }
  return root
}

it('R30: what lies in the data folder is not read, where it is in a watched folder or in a named one', async () => {
  const root = tree(
    'var/log/dcv/server.log',
    'var/log/dcv/data/checkpoints/checkpoints.log',
    'var/log/dcv/data/x.log',
    'var/log/dcv/data.log',
  )
  const isOwn = ownOutput(relative('', join(root, 'var/log/dcv/data')))
  const { found } = await discoverNamed([root], layouts, root, { isOwn })
  expect(found.map(({ place }) => place.path).toSorted()).toEqual([
    '/var/log/dcv/data.log',
    '/var/log/dcv/server.log',
  ])
  const watched = ownOutput(join(root, 'var/log/dcv'))
  const notRead: NotRead[] = []
  const scan = defaultLocations(layouts, root, { onNotRead: (file) => notRead.push(file), isOwn: watched })
  for (let scans = 0; scans < 2; scans++) for await (const { path } of scan()) expect.fail(path)
  const own = { reason: 'own-output', detail: 'dcvlens writes it' }
  expect(notRead.toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
    { path: join(root, 'var/log/dcv/data.log'), ...own },
    { path: join(root, 'var/log/dcv/server.log'), ...own },
  ])
  const noticed = locationAt(layouts, root, { isOwn: watched })
  expect(noticed(join(root, 'var/log/dcv/server.log'))).toBeUndefined()
})

it('a report that is written into the folder that is scanned is not a part of it', async () => {
  const root = tree('var/log/dcv/server.log')
  const report = join(root, 'var/log/dcv/report.log')
  const out = openSync(report, 'w')
  const child = spawn(process.execPath, [built('main.js'), 'scan', '--all', '--root', root, root], {
    stdio: ['ignore', out, out],
  })
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
  expect(readFileSync(report, 'utf8')).not.toContain('report.log')
}, 60_000)

import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { defaultLocations } from '../../src/collect/discover.ts'
import { discoverNamed } from '../../src/collect/discover-named.ts'
import { loadLayouts } from '../../src/collect/load-layouts.ts'
import type { NotRead } from '../../src/collect/not-read.ts'
import { tempDir } from '../support/temp-dir.ts'

const layouts = loadLayouts([fileURLToPath(new URL('../../rules', import.meta.url))])

/** Which of the files, made below a folder, are read when the folder is named. */
async function read(...names: readonly string[]): Promise<string[]> {
  const root = tempDir()
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), 'x\n')
  }
  const { found, passedOver } = await discoverNamed([root], layouts, undefined)
  expect(found.length + passedOver).toBe(names.length)
  return found.map(({ path }) => path.slice(root.length + 1)).sort()
}

it('passes over files that hold a key or a password', async () => {
  const secrets = [
    ...['keys/dcv_secret_key.txt', 'dcv_secret_key.txt', 'keys/admin.txt', 'x/OpenLdapAdminPassword.txt'],
    ...['ad_automation/join_domain.cache', 'server.pem', 'id.key', 'secrets/db.txt', '.aws/credentials'],
  ]
  expect(await read(...secrets)).toEqual([])
})

it('reads logs, whatever they are about', async () => {
  const logs = ['install.txt', 'keys/rotation.log', 'secret_rotation.log', 'token.out', 'var/log.txt.1']
  expect(await read(...logs)).toEqual([...logs].sort())
})

it('takes the name of a folder for that of a host only if all below is of one', async () => {
  const hostsIn = async (...names: readonly string[]) => {
    const root = tempDir()
    for (const name of names) {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      writeFileSync(join(root, name), 'x\n')
    }
    const { found } = await discoverNamed([root], layouts, undefined)
    return found.map(({ place }) => place.placement.identity.host)
  }
  const system = ['desk-7/var/log/messages', 'desk-7/var/log/dcv/server.log']
  const manager = 'apps/soca/soca-lab/cluster_manager/dcv_alb_manager.py.log'
  const windows = 'C/ProgramData/EDH/i-0abc12345/02_setup.ps1.log'
  expect(await hostsIn(...system)).toEqual(['desk-7', 'desk-7'])
  expect(await hostsIn(...system, `desk-7/${manager}`)).toEqual(['', '', ''])
  expect(await hostsIn(...system, `desk-7/${windows}`)).toEqual(['i-0abc12345', '', ''])
  expect(await hostsIn(...system, `elsewhere/${manager}`)).toEqual(['desk-7', 'desk-7', ''])
  expect(await hostsIn(...system, `lab-1/${manager}`)).toEqual(['desk-7', 'desk-7', 'lab-1'])
})

it('reads a file that is named itself', async () => {
  const path = join(tempDir(), 'secret.txt')
  writeFileSync(path, 'x\n')
  expect((await discoverNamed([path], layouts, undefined)).found).toHaveLength(1)
})

/** What is told of each scan below a root. */
async function toldOf(root: string, scans: number): Promise<NotRead[][]> {
  const told: NotRead[] = []
  const scan = defaultLocations(layouts, root, { onNotRead: (file) => told.push(file) })
  const perScan: NotRead[][] = []
  for (let n = 0; n < scans; n++) {
    for await (const { path } of scan()) expect(path).toContain('server.log')
    perScan.push(told.splice(0))
  }
  return perScan
}

it('tells once of links and FIFOs with the name of a log, and reads none', async () => {
  const root = tempDir()
  const folder = join(root, 'var/log/dcv')
  mkdirSync(join(folder, 'agent.launcher.log'), { recursive: true })
  writeFileSync(join(folder, 'server.log'), 'x\n')
  symlinkSync('server.log', join(folder, 'agent.log'))
  execFileSync('mkfifo', [join(folder, 'agent.console.log')])
  const link = { path: join(folder, 'agent.log'), reason: 'not-a-file', detail: 'a symbolic link' }
  const fifo = { path: join(folder, 'agent.console.log'), reason: 'not-a-file', detail: 'a FIFO' }
  const [first, second] = await toldOf(root, 2)
  expect(first).toHaveLength(2)
  expect(first).toEqual(expect.arrayContaining([link, fifo]))
  expect(second).toEqual([])
  const { found, notRead } = await discoverNamed([folder], layouts, root)
  expect(found.map(({ path }) => path)).toEqual([join(folder, 'server.log')])
  expect(notRead).toEqual(expect.arrayContaining([link, fifo]))
})

it('tells once of a folder of the default locations that cannot be looked into', async () => {
  const root = tempDir()
  mkdirSync(join(root, 'var/log'), { recursive: true })
  // A name that is longer than any folder may have cannot be looked into by root either.
  symlinkSync('x'.repeat(300), join(root, 'var/log/dcv'))
  const failing = { path: join(root, 'var/log/dcv'), reason: 'unreadable', detail: 'ENAMETOOLONG' }
  expect(await toldOf(root, 2)).toEqual([[failing], []])
})

/** Makes a file or folder whose name holds bytes that are no UTF-8. */
function misnamed(folder: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(join(folder, name)), Buffer.from([0xff]), Buffer.from('.log')])
}

it('tells once of names that are no UTF-8, which hide no other file', async () => {
  const root = tempDir()
  const folder = join(root, 'var/log/dcv')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'server.log'), 'x\n')
  writeFileSync(misnamed(folder, 'dcv-xsession.'), 'x\n')
  const detail = 'its name is not UTF-8; rename it, and it is read'
  const told = { path: join(folder, 'dcv-xsession.\ufffd.log'), reason: 'unreadable', detail }
  expect(await toldOf(root, 2)).toEqual([[told], []])
  const { found, notRead } = await discoverNamed([folder], layouts, root)
  expect(found.map(({ path }) => path)).toEqual([join(folder, 'server.log')])
  expect(notRead).toEqual([told])
})

it('tells of a folder of desktops whose name is no UTF-8', async () => {
  const root = tempDir()
  const desktops = join(root, 'apps/soca/soca-a/cluster_node_bootstrap/logs/desktop')
  mkdirSync(Buffer.concat([misnamed(join(desktops, 'ann'), ''), Buffer.from('/ip-1')]), { recursive: true })
  const folder = { path: join(desktops, 'ann\ufffd.log'), reason: 'unreadable' }
  expect(await toldOf(root, 2)).toMatchObject([[folder], []])
})

it('reads files whose names hold line breaks, controls, or as many bytes as a name may have', async () => {
  const names = ['dcv-xsession.a\nb.log', 'dcv-xsession.\u001b[31m.log', 'dcv-xsession.\u202egol.log']
  names.push(`dcv-xsession.${'x'.repeat(238)}.log`)
  const root = tempDir()
  const folder = join(root, 'var/log/dcv')
  mkdirSync(folder, { recursive: true })
  for (const name of names) writeFileSync(join(folder, name), 'x\n')
  const seen: string[] = []
  for await (const { path } of defaultLocations(layouts, root)()) seen.push(path)
  expect(seen.toSorted()).toEqual(names.map((name) => join(folder, name)).toSorted())
})

it('tells once of what is compressed otherwise and of bundles beside logs, and reads none', async () => {
  const root = tempDir()
  const make = (name: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), 'x\n')
  }
  for (const name of [
    'server.log',
    'server.log.1.xz',
    'server.log-20260301.bz2',
    'logs.tgz',
    'all.tar.zst',
  ]) {
    make(`var/log/dcv/${name}`)
  }
  make('home/ann/private.zip')
  const told = await toldOf(root, 2)
  expect(told[1]).toEqual([])
  expect(
    told[0]?.map(({ path, detail }) => `${path.slice(root.length)}: ${detail.split(' (')[0]}`).sort(),
  ).toEqual([
    '/var/log/dcv/all.tar.zst: compression not supported',
    '/var/log/dcv/logs.tgz: bundles are not watched',
    '/var/log/dcv/server.log-20260301.bz2: compression not supported',
    '/var/log/dcv/server.log.1.xz: compression not supported',
  ])
})

it('reads nothing of what is compressed otherwise, whether it was named itself or is among others', async () => {
  const root = tempDir()
  for (const name of ['server.log.xz', 'host.tar.bz2', 'data.xz']) writeFileSync(join(root, name), 'x\n')
  const told = async (...paths: string[]) => {
    const { found, bundles, passedOver, notRead } = await discoverNamed(paths, layouts, undefined)
    expect([found, bundles]).toEqual([[], []])
    return [passedOver, ...notRead.map(({ path }) => path.slice(root.length + 1)).sort()]
  }
  expect(await told(root)).toEqual([1, 'host.tar.bz2', 'server.log.xz'])
  expect(await told(join(root, 'data.xz'))).toEqual([0, 'data.xz'])
})

it('takes no empty path for the current folder', async () => {
  await expect(discoverNamed([''], layouts, undefined)).rejects.toMatchObject({ exit: 2 })
})

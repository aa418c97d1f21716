import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import glob from 'fast-glob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadLayouts } from '../../src/collect/load-layouts.ts'

const layouts = loadLayouts([fileURLToPath(new URL('../../rules', import.meta.url))])
const uuid = '1a5c3c4d-0b6e-4f2a-9d61-0a1b2c3d4e5f'

const plain = [
  '/apps/soca/soca-demo/cluster_node_boostrap/logs/desktop/ünï 100%/[d]/ip-10-0-1-2/ComputeNode.sh.log',
  '/apps/soca/soca-demo/cluster_node_bootstrap/logs/desktop/anna/{desk}/ip-10-0-1-2/ComputeNodeInstallDCV.log',
  '/apps/soca/soca-demo/cluster_manager/dcv_alb_manager.py.log',
  `/apps/soca/a/cluster_node_bootstrap/logs/dcv_node/.anna/de*sk/${uuid}/h/messages`,
  `/apps/edh/e/shared/logs/bootstrap/dcv_node/o/s/${uuid}/${uuid}/h/cloud-init-output-final-1790000000.log`,
  '/opt/edh/e/cluster_manager/web_interface/logs/scheduled_tasks/virtual_desktops/session_error_watcher.log',
  '/opt/edh/e/cluster_manager/orchestrator/logs/dcv_alb_manager.log',
  '/root/edh_bootstrap_i-0abc/logs/01_user_data.sh.log',
  '/var/log/dcv/server.log',
  '/var/log/dcv/agent.j.doe.desk.log',
  '/var/log/Xorg.0.log',
  '/var/log/messages',
  '/etc/motd',
  '/home/anna/.xsession-errors',
  '/home/DOM\\anna/.xsession-errors',
  '/C/ProgramData/EDH/i-0abc/02_setup.ps1.log',
  '/ProgramData/Amazon/EC2Launch/log/agent.log',
]
const rotated = [
  '/var/log/dcv/server.log.1',
  '/var/log/dcv/server.log.2024-09-05-08-48',
  '/var/log/dcv/server.log.20240905_084829',
  '/var/log/messages-20240905',
  '/var/log/Xorg.0.log.old',
  '/var/log/Xorg.0.log-2026112611.backup',
  '/opt/edh/e/cluster_manager/orchestrator/logs/dcv_alb_manager.log.2026-05-04',
]
const compressed = ['/var/log/messages-20240906.gz', '/var/log/dcv/server.log.gz']
const strange = [
  '/apps/soca/soca-demo/cluster_node_bootstrap/logs/1234/ip-10-0-1-2/ComputeNode.sh.log',
  `/apps/soca/a/cluster_node_bootstrap/logs/dcv_node/anna/desk/${uuid}/02_setup.sh`,
  '/var/log/dcv/audit.csv',
  '/var/log/messages.cache',
  '/var/log/dnf.log',
  '/elsewhere/server.log',
]

const top = mkdtempSync(join(tmpdir(), 'layout-globs-'))
const roots = [
  'tree',
  'a b',
  '[x](y)',
  '{a,b}',
  'q"uo\'te',
  'st*r?',
  '!no',
  '@(a|b)+(c)',
  'back\\slash',
  'ü 100%',
  '.dot',
]

// Without `absolute`, which would turn backslashes in names into slashes: the globs are absolute anyway.
async function found(root: string, options = {}): Promise<string[]> {
  const paths = await glob([...layouts.globs(root, options)], { dot: true, onlyFiles: true })
  return paths.flatMap((path) => layouts.place(path, root)?.path ?? []).sort()
}

beforeAll(() => {
  for (const root of roots) {
    for (const path of [...plain, ...rotated, ...compressed, ...strange]) {
      const file = join(top, root, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, '')
    }
  }
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

describe('globs of the default locations', () => {
  it.each(roots)('find them below a root named %s, rotated but not compressed', async (name) => {
    expect(await found(join(top, name))).toEqual([...plain, ...rotated].sort())
  })

  it('leave rotated files out or take compressed ones in, as told', async () => {
    const root = join(top, 'tree')
    expect(await found(root, { rotated: false })).toEqual([...plain].sort())
    expect(await found(`${root}/`, { gz: true })).toEqual([...plain, ...rotated, ...compressed].sort())
  })

  it('start at folders with fixed names', () => {
    const bases = layouts.bases('/srv/tree/')
    expect(bases).toContain('/srv/tree/var/log/dcv')
    expect(bases).toContain('/srv/tree/apps/edh')
    expect(bases).toContain('/srv/tree/home')
    expect(new Set(bases).size).toBe(bases.length)
    expect(bases.every((base) => !/[*?{}[\]()]/.test(base))).toBe(true)
    expect(layouts.bases('/')).toContain('/var/log')
    expect(layouts.globs('/').every((pattern) => /^\/[^/]/.test(pattern))).toBe(true)
  })
})

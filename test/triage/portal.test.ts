import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import initSqlJs from 'sql.js'
import { describe, expect, it } from 'vitest'
import { isOffOn } from '../../src/triage/portal/portal-session.ts'
import { portalReader, readDatabase } from '../../src/triage/portal/read-portal.ts'
import { type PortalRow, writePortal } from '../support/portal-database.ts'
import { tempDir } from '../support/temp-dir.ts'

const OLD = 'apps/soca/soca-lab/cluster_web_ui/db.sqlite'
const NEW = 'opt/edh/edh-lab/cluster_manager/web_interface/db.sqlite'

const ANN: PortalRow = {
  user: 'ann',
  session_name: 'cad',
  session_state: 'running',
  tag_uuid: '0c5e7f11-0000-4000-8000-000000000001',
  session_id: '0c5e7f11-0000-4000-8000-000000000001',
  session_host_private_dns: 'ip-10-0-0-1.eu-west-1.compute.internal',
  session_instance_id: 'i-0aaaaaaaaaaaaaaa1',
  session_token: 'TOKEN-THAT-NOBODY-MAY-SEE',
  dcv_authentication_token: 'TOKEN-THAT-NOBODY-MAY-SEE',
  is_active: 1,
  created_on: '2026-05-04 09:30:00.123456',
  schedule_monday_start: 0,
  schedule_monday_stop: 0,
}

async function aPortal(path: string, tables: Parameters<typeof writePortal>[1]): Promise<string> {
  const file = join(tempDir(), path)
  await writePortal(file, tables)
  return file
}

describe('the database of a portal', () => {
  it('tells its desktops, of Linux and of Windows, and none of its secrets', async () => {
    const windows = {
      ...{ ...ANN, session_name: 'win', session_id: 'console', session_host_private_dns: '0' },
      session_local_admin_password: 'TOKEN-THAT-NOBODY-MAY-SEE',
      ...{ session_state: 'pending', session_instance_id: 'None' },
    }
    const file = await aPortal(OLD, { linux_dcv_sessions: [ANN], windows_dcv_sessions: [windows] })
    const portal = await readDatabase(file)
    expect(portal.notRead).toEqual([])
    expect(portal.sessions.map(({ profile }) => profile)).toEqual(['soca-2', 'soca-2'])
    expect(portal.sessions).toMatchObject([
      {
        ...{
          cluster: 'soca-lab',
          profile: 'soca-2',
          owner: 'ann',
          name: 'cad',
          state: 'running',
          isActive: true,
          os: 'linux',
        },
        ...{ host: 'ip-10-0-0-1', instance: 'i-0aaaaaaaaaaaaaaa1', createdAt: '2026-05-04T09:30:00.000Z' },
      },
      { name: 'win', os: 'windows', sessionId: 'console', state: 'pending', host: '', instance: '' },
    ])
    expect(JSON.stringify(portal)).not.toContain('NOBODY-MAY-SEE')
    expect(portal.sessions.map((one) => [isOffOn(one, 'monday'), isOffOn(one, 'friday')])).toEqual([
      [true, false],
      [true, false],
    ])
  })

  it('of a newer release is read, too', async () => {
    const row = {
      ...{
        session_owner: 'bob',
        session_name: 'cfd',
        session_state: 'error',
        is_active: 1,
        os_family: 'windows',
      },
      ...{
        session_uuid: '0c5e7f11-0000-4000-8000-000000000002',
        instance_private_dns: 'ip-10-0-0-2.ec2.internal',
      },
      schedule: JSON.stringify({ friday: { start: 0, stop: 0 }, monday: { start: 480, stop: 1080 } }),
    }
    const { sessions, notRead } = await readDatabase(await aPortal(NEW, { virtual_desktop_sessions: [row] }))
    expect(notRead).toEqual([])
    expect(sessions).toMatchObject([
      { cluster: 'edh-lab', owner: 'bob', name: 'cfd', state: 'error', os: 'windows', host: 'ip-10-0-0-2' },
    ])
    expect(sessions.map((one) => [isOffOn(one, 'monday'), isOffOn(one, 'friday')])).toEqual([[false, true]])
  })

  it('is found below the root at the places of all releases, and read again when it has changed', async () => {
    const root = tempDir()
    const read = portalReader(root)
    expect(await read()).toEqual({ sessions: [], notRead: [], isWhole: {} })
    await writePortal(join(root, OLD), { linux_dcv_sessions: [ANN] })
    await writePortal(join(root, NEW), { virtual_desktop_sessions: [] })
    expect((await read()).sessions.map(({ state }) => state)).toEqual(['running'])
    await writePortal(join(root, OLD), {
      linux_dcv_sessions: [
        { ...ANN, session_state: 'stopped' },
        { ...ANN, session_name: 'other' },
      ],
    })
    expect((await read()).sessions.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'other running',
      'cad stopped',
    ])
  })

  it('in the mode of a write-ahead log is read when that is empty, and left alone when it is not', async () => {
    const file = await aPortal(OLD, { linux_dcv_sessions: [ANN] })
    const bytes = readFileSync(file)
    bytes[18] = 2
    bytes[19] = 2
    writeFileSync(file, bytes)
    expect((await readDatabase(file)).sessions).toHaveLength(1)
    writeFileSync(`${file}-wal`, 'x')
    expect(await readDatabase(file)).toEqual({
      sessions: [],
      notRead: [
        {
          ...{ source: 'portal database', cluster: 'soca-lab' },
          reason: expect.stringContaining('write-ahead log'),
        },
      ],
      isWhole: { 'soca-lab': false },
    })
  })

  it.each([
    ['empty', '', 'it is empty'],
    ['no database', 'x'.repeat(5000), 'file is not a database'],
  ])('that is %s is told with its reason', async (_, text, reason) => {
    const file = join(tempDir(), 'db.sqlite')
    writeFileSync(file, text)
    const { sessions, notRead } = await readDatabase(file)
    expect([sessions, notRead.map((one) => one.reason)]).toEqual([[], [expect.stringContaining(reason)]])
  })

  it('that is cut is told with its reason', async () => {
    const file = await aPortal(OLD, { linux_dcv_sessions: Array.from({ length: 300 }, () => ANN) })
    writeFileSync(file, readFileSync(file).subarray(0, 12_000))
    const { sessions, notRead } = await readDatabase(file)
    expect([sessions, notRead]).toEqual([
      [],
      [expect.objectContaining({ reason: expect.stringContaining('malformed') })],
    ])
  })

  it('of a release that is not known is told with what is missing', async () => {
    const { notRead } = await readDatabase(await aPortal(NEW, { something_else: [] }))
    expect(notRead.map((one) => one.reason)).toEqual([expect.stringContaining('no table of desktops')])
    const sql = await initSqlJs()
    const database = new sql.Database()
    database.run('CREATE TABLE virtual_desktop_sessions (id INTEGER, session_owner TEXT, session_name TEXT)')
    const file = join(tempDir(), 'db.sqlite')
    writeFileSync(file, database.export())
    expect((await readDatabase(file)).notRead.map((one) => one.reason)).toEqual([
      expect.stringContaining('virtual_desktop_sessions has no column session_state'),
    ])
  })

  it('that is being written to, is a link or a folder is told with its reason', async () => {
    const file = await aPortal(OLD, { linux_dcv_sessions: [ANN] })
    writeFileSync(`${file}-journal`, 'x')
    const folder = tempDir()
    symlinkSync(file, join(folder, 'link.sqlite'))
    execFileSync('mkfifo', [join(folder, 'fifo.sqlite')])
    mkdirSync(join(folder, 'folder.sqlite'))
    const reasons = await Promise.all(
      [file, ...['link', 'folder', 'fifo', 'none'].map((name) => join(folder, `${name}.sqlite`))].map(
        async (path) => (await readDatabase(path)).notRead[0]?.reason.split(': ')[1],
      ),
    )
    expect(reasons).toEqual([
      'it is being written to; ask again',
      'it is a link',
      'it is no regular file',
      'it is no regular file',
      'it cannot be read (ENOENT)',
    ])
  })

  it('that is a link is told wherever that leads, and does not count for its cluster', async () => {
    const root = tempDir()
    await writePortal(join(root, NEW), { virtual_desktop_sessions: [] })
    mkdirSync(join(root, OLD, '..'), { recursive: true })
    symlinkSync('/nowhere', join(root, OLD))
    const { notRead, isWhole } = await portalReader(root)()
    expect(notRead.map(({ reason }) => reason)).toEqual([`${join(root, OLD)}: it is a link`])
    expect(isWhole).toEqual({ 'soca-lab': false, 'edh-lab': true })
  })

  it('of two releases of a cluster counts only if both are read', async () => {
    const root = tempDir()
    const later = OLD.replace('cluster_web_ui', 'cluster_manager/web_interface')
    await writePortal(join(root, OLD), { linux_dcv_sessions: [ANN] })
    await writePortal(join(root, later), { something_else: [] })
    const read = portalReader(root)
    expect((await read()).isWhole).toEqual({ 'soca-lab': false })
    await writePortal(join(root, later), { linux_dcv_sessions: [] })
    expect((await read()).isWhole).toEqual({ 'soca-lab': true })
  })

  it('is not changed by being read', async () => {
    const file = await aPortal(OLD, { linux_dcv_sessions: [ANN] })
    const before = readFileSync(file)
    chmodSync(file, 0o400)
    await readDatabase(file)
    expect(readFileSync(file).equals(before)).toBe(true)
  })
})

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writePortal } from '../support/portal-database.ts'
import { runProgram, startProgram } from '../support/program.ts'
import { jsonLines } from '../support/sample-cluster.ts'

const TIMEOUT_MS = 240_000
const PORTAL = 'apps/soca/soca-lab/cluster_web_ui/db.sqlite'
const LOG = 'apps/soca/soca-lab/cluster_node_bootstrap/logs/desktop/ann/cad/ip-10-0-0-1/ComputeNode.sh.log'
const ONLY_PORTAL = [['--active'], ['--inactive'], ['--uuid', 'x'], ['--off', 'sunday']]
const CAD = {
  ...{ user: 'ann', session_name: 'cad', session_state: 'running', is_active: 1 },
  ...{ session_host_private_dns: 'ip-10-0-0-1.ec2.internal', created_on: '2020-05-04 10:00:00.000000' },
}

/** How a database may not be one, with what is told of it. */
const BROKEN: readonly (readonly [reason: string, make: (path: string) => Promise<void> | void])[] = [
  ['file is not a database', (path) => writeFileSync(path, Buffer.alloc(5000, 7))],
  ['it is empty', (path) => writeFileSync(path, '')],
  ['it has no table of desktops that is known', (path) => writePortal(path, { other: [] })],
  ['it is no regular file', (path) => void execFileSync('mkfifo', [path])],
  ['it is a link', (path) => symlinkSync('/nowhere', path)],
]

describe("a portal's database that is not read", { timeout: TIMEOUT_MS }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'dcvlens-portal-test-'))
  const [root, data] = [join(folder, 'root'), join(folder, 'data')]
  const at = ['--root', root, '--data', data]
  const path = join(root, PORTAL)

  const write = async (make: (path: string) => Promise<void> | void) => {
    rmSync(path, { force: true })
    await make(path)
  }

  beforeAll(async () => {
    for (const file of [LOG, PORTAL]) mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, LOG), '+ source /root/config.cfg\n')
    expect((await runProgram(['ingest', ...at])).code).toBe(0)
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(BROKEN)('is told with why: %s', async (reason, make) => {
    await write(make)
    for (const options of [['--active'], ['--active', '--json']]) {
      const { code, stdout, stderr } = await runProgram(['sessions', ...options, ...at])
      expect([code, stdout]).toEqual([3, ''])
      expect(stderr).toContain(`the portal's database was not read: ${path}: ${reason}`)
    }
    const listed = await runProgram(['sessions', '--json', ...at])
    expect([listed.code, jsonLines(listed.stdout)]).toMatchObject([0, [{ session: 'ann/cad' }]])
    expect(listed.stderr).toBe(`portal database not read: ${path}: ${reason}\n`)
    const doctor = jsonLines((await runProgram(['doctor', '--json', ...at])).stdout)
    expect(doctor.find(({ check }) => check === 'portal database')).toMatchObject({
      ...{ status: 'warn', detail: `${path}: ${reason}` },
    })
  })

  it('leaves every question unanswered that only it can answer, also through the service', async () => {
    await write((file) => writeFileSync(file, ''))
    const program = startProgram(['serve', ...at, '--port', '0'])
    const url = await program.url()
    for (const options of ONLY_PORTAL) {
      const { code, stderr } = await runProgram(['sessions', ...options, '--data', data])
      expect([code, stderr]).toEqual([3, expect.stringContaining(`${path}: it is empty`)])
    }
    const answer = await fetch(`${url}/api/v1/sessions?active=true`)
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'E_PORTAL' }])
    const listed = (await (await fetch(`${url}/api/v1/sessions`)).json()) as object
    expect(listed).toMatchObject({
      ...{ items: [{ session: 'ann/cad' }] },
      not_read: [{ source: 'portal database', reason: `${path}: it is empty` }],
    })
    await program.stop()
  })

  it('is told if there is none', async () => {
    rmSync(path)
    const { code, stderr } = await runProgram(['sessions', '--active', ...at])
    expect([code, stderr]).toEqual([3, expect.stringContaining("no portal's database is there")])
  })

  it('is no longer told once it is read; what is not in it is not known to the portal', async () => {
    await write((file) => writePortal(file, { linux_dcv_sessions: [CAD] }))
    expect(await runProgram(['sessions', '--inactive', ...at])).toMatchObject({
      ...{ code: 0, stderr: 'no desktop matches\n' },
    })
    const doctor = jsonLines((await runProgram(['doctor', '--json', ...at])).stdout)
    expect(doctor).toContainEqual({
      ...{ check: 'portal database', status: 'ok', detail: '1 desktop of soca-lab' },
    })
    const portals = async () =>
      jsonLines((await runProgram(['diagnose', '--all', '--json', ...at])).stdout).map(({ portal }) => portal)
    // Its row is years old, its log of today.
    expect(await portals()).toMatchObject([{ state: 'running', is_active: true }])
    await write((file) => writePortal(file, { linux_dcv_sessions: [] }))
    expect(await portals()).toMatchObject([{ known: false }])
    const { stdout } = await runProgram(['diagnose', 'ann/cad', '--checklist', ...at])
    expect(stdout).toMatch(/missing +The portal knows the desktop +no: its database has no row of it\n/)
    expect((await runProgram(['diagnose', 'ann/cad', ...at])).stdout).toContain(
      '  The portal does not know it: ',
    )
  })
})

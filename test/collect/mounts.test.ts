import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { globsByMount, kernelMounts, mountOf, networkMounts } from '../../src/collect/mounts.ts'
import { createWalk } from '../../src/collect/walk.ts'
import { tempDir } from '../support/temp-dir.ts'

const TABLE = `21 28 0:19 / /sys rw,nosuid shared:7 - sysfs sysfs rw
28 1 259:1 / / rw,noatime shared:1 - xfs /dev/nvme0n1p1 rw
36 28 0:31 / /apps rw,relatime shared:19 - nfs4 fs-0a.efs.eu-west-1.amazonaws.com:/ rw,vers=4.1,hard
37 28 0:32 / /fsx rw shared:20 - lustre 10.0.0.9@tcp:/abc rw
38 28 0:33 / /mnt/my\\040bucket rw shared:21 - fuse.mount-s3 mountpoint-s3 rw
39 36 0:34 / /apps/edh rw shared:22 master:3 - nfs 10.0.0.4:/edh rw
40 28 0:35 / /tmp rw - tmpfs tmpfs rw
`

describe('network file systems', () => {
  const mounts = networkMounts(['/srv/shared/'], TABLE)

  it('are those of the table of mounts, and folders of the configuration', () => {
    expect(mounts.map(({ folder, name }) => [folder, name])).toEqual([
      ['/mnt/my bucket', 'FUSE'],
      ['/srv/shared', 'a network folder by the configuration'],
      ['/apps/edh', 'NFS (EFS is one)'],
      ['/apps', 'NFS (EFS is one)'],
      ['/fsx', 'Lustre (FSx)'],
    ])
  })

  it('hold what lies below them; the deepest counts', () => {
    const folderOf = (path: string) => mountOf(path, mounts)?.folder
    expect(folderOf('/apps')).toBe('/apps')
    expect(folderOf('/apps/edh/green/a.log')).toBe('/apps/edh')
    expect(folderOf('/apps/edhx/a.log')).toBe('/apps')
    expect(folderOf('/appsx/a.log')).toBeUndefined()
    expect(folderOf('/var/log/dcv/server.log')).toBeUndefined()
  })

  it('have the globs that reach into them', () => {
    const { local, far } = globsByMount(
      ['/apps/soca/*/a.log', '/apps/edh/*/*.log', '/mnt/*/a.log', '/var/log/dcv/**/*.log', '/fsx/a.log'],
      mounts,
    )
    expect(local).toEqual(['/var/log/dcv/**/*.log'])
    expect([...far]).toEqual([
      ['/apps', ['/apps/soca/*/a.log']],
      ['/apps/edh', ['/apps/edh/*/*.log']],
      ['/mnt/my bucket', ['/mnt/*/a.log']],
      ['/fsx', ['/fsx/a.log']],
    ])
  })

  it('are none where the table has only those of this machine', () => {
    expect(networkMounts([], TABLE.split('\n').slice(0, 2).join('\n'))).toEqual([])
  })
})

it('file systems of the kernel are told from disks, and a walk does not enter them', async () => {
  expect(kernelMounts(TABLE)).toEqual(['/sys'])
  const root = tempDir()
  for (const folder of ['sys', 'var']) {
    mkdirSync(join(root, folder))
    writeFileSync(join(root, folder, 'x.log'), '')
  }
  const paths: string[] = []
  const walk = createWalk(() => {}, [join(root, 'sys')])
  for await (const { path, dirent } of walk.entries(root)) if (dirent.isFile()) paths.push(path)
  expect(paths).toEqual(['var/x.log'])
})

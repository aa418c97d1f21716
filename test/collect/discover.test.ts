import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { discoverNamed } from '../../src/collect/discover.ts'
import { loadLayouts } from '../../src/collect/load-layouts.ts'
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

it('reads a file that is named itself', async () => {
  const path = join(tempDir(), 'secret.txt')
  writeFileSync(path, 'x\n')
  expect((await discoverNamed([path], layouts, undefined)).found).toHaveLength(1)
})

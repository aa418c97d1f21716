import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { tempDir } from '../support/temp-dir.ts'

const run = promisify(execFile)
const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>
}

/** A package with our `prepare`, and a build that counts itself. */
function packageWithPrepare(): string {
  const root = tempDir()
  for (const folder of ['src', 'rules']) mkdirSync(join(root, folder))
  for (const file of ['src/main.ts', 'rules/a.yaml', 'package-lock.json', 'tsconfig.json', 'vite.build.ts'])
    writeFileSync(join(root, file), '')
  const build = 'mkdir -p dist && touch dist/built && echo built >> builds'
  writeFileSync(
    join(root, 'package.json'),
    JSON.stringify({ scripts: { prepare: scripts['prepare'], build } }),
  )
  return root
}

// `npx dcvlens` in a clone prepares the package, also while the service runs from it.
it('what is built is not built again before its sources change', async () => {
  const root = packageWithPrepare()
  const builds = async () => {
    await run('npm', ['run', '--silent', 'prepare'], { cwd: root })
    return readFileSync(join(root, 'builds'), 'utf8').trim().split('\n').length
  }
  expect(await builds()).toBe(1)
  expect(await builds()).toBe(1)
  const later = new Date(Date.now() + 60_000)
  utimesSync(join(root, 'rules/a.yaml'), later, later)
  expect(await builds()).toBe(2)
})

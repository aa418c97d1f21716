import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { built } from '../support/built.ts'
import { runProgram, startScript } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'
import { readStore } from '../support/tiling.ts'

it('R35: lines of any year, in files from the future, are stored once and stay', {
  timeout: 120_000,
}, async () => {
  const [root, data] = [tempDir(), tempDir()]
  const folder = join(root, 'var/log/dcv')
  mkdirSync(folder, { recursive: true })
  const years = Array.from({ length: 130 }, (_, n) => 1970 + n)
  const line = (year: number) => `${year}-01-02 03:04:05,000006 [ 1:1 ] INFO  main - in ${year}\n`
  writeFileSync(join(folder, 'dcv-xsession.ann.log'), 'no time\n')
  utimesSync(join(folder, 'dcv-xsession.ann.log'), 0, 0)
  const ingest = async (lines: number) => {
    const { code, stdout } = await runProgram(['ingest', '--root', root, '--data', data, '--json'])
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { lines }])
  }
  await ingest(1)
  await merged(join(data, 'store'))
  writeFileSync(join(folder, 'server.log'), years.map(line).join(''))
  utimesSync(join(folder, 'server.log'), 4_000_000_000, 4_000_000_000)
  await ingest(130)
  await ingest(0)
  const { lines } = await readStore({ folder: join(data, 'store') })
  const messages = lines.map(({ message }) => message)
  expect(messages.toSorted()).toEqual([...years.map((year) => `in ${year}`), 'no time'])
})

/** Has the engine merge what it holds, which is when it deletes what is too old. */
async function merged(folder: string): Promise<void> {
  const script = `
    import { openEmbedded } from '${built('store/client.js')}'
    const store = await openEmbedded(process.argv[1])
    await store.command('OPTIMIZE TABLE dcvlens.lines FINAL')
    process.exit()`
  const { code } = await startScript(script, [folder]).ended
  expect(code).toBe(0)
}

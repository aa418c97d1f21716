import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { committedFiles, startProgram, until } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'
import { readStore } from '../support/tiling.ts'

const CONFIG = 'batchMs: 100\nscanMs: 200\nflushMs: 100\nlineFlushMs: 300\nlogLevel: warn\n'

it('R2: after a restart, logs that are unchanged, renamed or rotated are not stored again, and go on where they were', async () => {
  const [root, data] = [tempDir(), tempDir()]
  const config = join(tempDir(), 'config.yaml')
  writeFileSync(config, CONFIG)
  const folder = join(root, 'var/log/dcv')
  mkdirSync(folder, { recursive: true })
  const log = (user: string) => join(folder, `dcv-xsession.${user}.log`)
  const written: string[] = []
  const append = (path: string, ...lines: string[]) => {
    appendFileSync(path, lines.map((line) => `${line}\n`).join(''))
    written.push(...lines)
  }
  const storedBytes = () => committedFiles(data).reduce((sum, { reader }) => sum + reader.offset, 0)
  const storeAll = async () => {
    const program = startProgram(
      ['serve', '--root', root, '--data', data, '--config', config].concat('--port', '0'),
    )
    const bytes = written.reduce((sum, line) => sum + line.length + 1, 0)
    await until('all is stored', () => program.isOver || storedBytes() >= bytes)
    expect(await program.stop(), program.stderr()).toEqual({ code: 0, signal: null })
  }

  for (const user of ['ann', 'bob', 'cleo']) append(log(user), `${user} one`, `${user} two`)
  await storeAll()
  renameSync(log('bob'), log('dan'))
  append(log('dan'), 'bob three')
  renameSync(log('cleo'), `${log('cleo')}.1`)
  append(`${log('cleo')}.1`, 'cleo three')
  append(log('cleo'), 'cleo one', 'cleo anew')
  await storeAll()
  for (const user of ['ann', 'cleo', 'dan']) append(log(user), `${user} last`)
  await storeAll()

  const { lines } = await readStore({ folder: join(data, 'store') })
  expect(lines.map(({ message }) => message).sort()).toEqual(written.toSorted())
})

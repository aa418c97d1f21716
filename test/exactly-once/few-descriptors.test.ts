import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { built } from '../support/built.ts'
import { startFront } from '../support/clickhouse-front.ts'
import { committedFiles, until } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

const FILES = 400
/** With fewer Node itself does not start. */
const DESCRIPTORS = 256

it(`R16: four hundred files and ${DESCRIPTORS} descriptors: all are read, and no more are opened than there are descriptors`, {
  timeout: 180_000,
}, async () => {
  const front = await startFront({ dataDir: tempDir() })
  onTestFinished(() => front.stop())
  const [root, data, folder] = [tempDir(), tempDir(), 'var/log/dcv']
  mkdirSync(join(root, folder), { recursive: true })
  const path = (n: number) => join(root, folder, `dcv-xsession.u${n}.log`)
  for (let n = 0; n < FILES; n++) writeFileSync(path(n), `file ${n}\n`)
  const config = join(tempDir(), 'config.yaml')
  writeFileSync(config, 'batchMs: 100\nscanMs: 200\nflushMs: 100\nlogLevel: warn\n')
  const words = [
    'serve',
    '--root',
    root,
    '--data',
    data,
    '--config',
    config,
    '--store',
    front.url,
    '--port',
    '0',
  ]
  const child = spawn('sh', [
    ...['-c', `ulimit -n ${DESCRIPTORS}; exec "$0" "$@"`, process.execPath, built('main.js'), ...words],
  ])
  let said = ''
  child.stderr.on('data', (bytes) => {
    said += String(bytes)
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const isOver = () => child.exitCode !== null
  const stored = () => committedFiles(data).reduce((sum, { reader }) => sum + reader.offset, 0)
  const bytes = (text: (n: number) => string) =>
    Array.from({ length: FILES }, (_, n) => text(n).length).reduce((sum, one) => sum + one, 0)
  const first = bytes((n) => `file ${n}\n`)
  await until('all files are stored', () => isOver() || stored() === first, 90_000)
  expect(isOver(), said).toBe(false)
  for (let n = 0; n < FILES; n += 40) appendFileSync(path(n), 'more\n')
  await until('what came is stored', () => isOver() || stored() === first + 10 * 5, 60_000)
  expect(isOver(), said).toBe(false)
  expect(said).not.toMatch(/EMFILE|LimitNOFILE/)
})

import fs, { appendFileSync, closeSync, openSync, writeFileSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { followDescriptor } from '../../src/collect/tail.ts'
import { until } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

it('a line that is appended is read with a small buffer, and much that is appended with large ones', async () => {
  const whole = fs.createReadStream
  const sizes: number[] = []
  fs.createReadStream = (path, options) => {
    sizes.push((typeof options === 'object' && options.highWaterMark) || 0)
    return whole(path, options)
  }
  onTestFinished(() => {
    fs.createReadStream = whole
  })
  const path = `${tempDir()}/server.log`
  writeFileSync(path, 'read before\n')
  const fd = openSync(path, 'r')
  const read: Buffer[] = []
  const tail = followDescriptor(fd, 'read before\n'.length, 20, () => {
    for (let bytes = tail.read(); bytes !== undefined; bytes = tail.read()) read.push(bytes)
  })
  onTestFinished(() => tail.close(() => closeSync(fd)))
  const text = () => Buffer.concat(read).toString()
  for (const line of ['one\n', 'two\n']) {
    appendFileSync(path, line)
    await until('the line', () => text().endsWith(line))
  }
  expect(sizes).toEqual([4096, 4096])
  const much = `${'x'.repeat(1 << 20)}\n`
  appendFileSync(path, much)
  await until('all of it', () => text() === `one\ntwo\n${much}`)
  expect(Math.max(...sizes.slice(2))).toBeGreaterThan(4096)
})

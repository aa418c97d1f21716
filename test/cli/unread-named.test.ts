import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { tarOf } from '../support/archives.ts'
import { runProgram } from '../support/program.ts'
import { jsonLines } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

const CUT = gzipSync('one\ntwo\nthree\n'.repeat(2000)).subarray(0, -9)
const LINK = { name: 'var/log/dcv/agent.l.s1.log', type: '2', linkTo: '/etc/passwd' }

function written(name: string, bytes: Buffer | string): string {
  const path = join(tempDir(), name)
  writeFileSync(path, bytes)
  return path
}

describe('what is named and cannot be read', { timeout: 120_000 }, () => {
  it.each([
    ['a bundle of which no member can be read', () => written('one.tar', tarOf([LINK])), /not-a-file/],
    ['a kind of compression', () => written('logs.tar.xz', 'x'), /unsupported \(compression not supported/],
    ['a file without a byte of gzip', () => written('x.log.gz', 'no gzip\n'), /damaged/],
    [
      'a compressed file that is cut',
      () => written('x.log.gz', CUT),
      /x\.log\.gz could not be read to its end: incomplete/,
    ],
  ])('is a failure: %s', async (_, make, why) => {
    const { code, stderr } = await runProgram(['scan', make()])
    expect(code).toBe(3)
    expect(stderr).toMatch(why)
  })

  it.each(['/proc/kmsg', '/proc/self', '/sys'])('is wrong input if it is not on a disk: %s', async (path) => {
    for (const command of ['scan', 'ingest']) {
      const { code, stdout, stderr } = await runProgram([command, path, '--data', tempDir()])
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^dcvlens: \/\w+(?:\/\w+)? is not on a disk.*\n {2}Write what it says to a file/)
    }
  })

  it('is none where it is among others; the ledger tells of each, members by their bundles', async () => {
    const [folder, data] = [tempDir(), tempDir()]
    const files: Readonly<Record<string, Buffer | string>> = {
      'server.log': 'read\n',
      'agent.no.s1.log.1.gz': 'no gzip\n',
      'agent.empty.s1.log.1.gz': '',
      'agent.cut.s1.log.1.gz': CUT,
      'junk.zip': 'no zip',
      'tricks.tar': tarOf([
        LINK,
        { name: '../../up.log', content: 'x\n' },
        { name: 'a/ok.log', content: 'x\n' },
      ]),
    }
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
    for (let n = 0; n < 2; n++) {
      expect((await runProgram(['ingest', folder, '--data', data])).code).toBe(0)
    }
    const { stdout } = await runProgram(['ledger', '--json', '--data', data])
    const told = jsonLines(stdout).map(({ file, losses }) => {
      const [{ reason, detail } = { reason: '', detail: '' }, ...more] = losses as Record<string, string>[]
      return [String(file).replace(`${folder}/`, ''), reason, String(detail).split(':')[0], more.length]
    })
    expect(told.sort()).toEqual([
      ['agent.cut.s1.log.1.gz', 'unreadable', 'incomplete', 0],
      ['agent.empty.s1.log.1.gz', 'unreadable', 'cannot be read to its end (incomplete', 0],
      ['agent.no.s1.log.1.gz', 'unreadable', 'cannot be read to its end (damaged', 0],
      ['junk.zip', 'unreadable', expect.stringContaining('cannot be read'), 0],
      ['tricks.tar!/../../up.log', 'unreadable', 'cannot be read (bad-name', 0],
      [`tricks.tar!/${LINK.name}`, 'not-a-file', expect.any(String), 0],
    ])
    expect(existsSync(join(folder, '..', '..', 'up.log'))).toBe(false)
  })
})

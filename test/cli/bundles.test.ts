import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { tarGzOf, zipOf } from '../support/archives.ts'
import { runProgram } from '../support/program.ts'
import { FAILED, jsonLines, SAMPLE_FILES, writeSampleCluster } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'
import { readStore, tilingFaults } from '../support/tiling.ts'

const members = Object.entries(SAMPLE_FILES).map(([path, content]) => ({ name: path.slice(1), content }))

function written(name: string, bytes: Buffer): string {
  const path = join(tempDir(), name)
  writeFileSync(path, bytes)
  return path
}

const BUNDLES = [
  ['bundle.tgz', tarGzOf],
  ['bundle.zip', zipOf],
] as const

describe('scan of a bundle', () => {
  it.each(BUNDLES)('finds in %s what it finds in its tree', async (name, make) => {
    const root = tempDir()
    writeSampleCluster(root)
    const told = (stdout: string) =>
      jsonLines(stdout)
        .map(({ rule_id, message, owner, session, host, file }) => [
          ...[rule_id, message, owner, session, host],
          String(file).replace(`${name}!`, ''),
        ])
        .toSorted()
    const tree = await runProgram(['scan', '--json', root])
    const bundle = await runProgram(['scan', '--json', written(name, make(members))])
    expect([bundle.code, bundle.stderr]).toEqual([0, ''])
    expect(told(bundle.stdout)).toEqual(told(tree.stdout))
    expect(jsonLines(bundle.stdout)[0]?.['file']).toMatch(new RegExp(`^${name}!/`))
    expect((await runProgram(['scan', written(name, make(members))])).stdout).toContain(FAILED)
  })

  it('names what it refuses, and reads the rest', async () => {
    const path = written('b.zip', zipOf([...members, { name: '../x.log', content: 'error: x\n' }]))
    const { code, stdout, stderr } = await runProgram(['scan', path])
    expect([code, stderr]).toEqual([
      0,
      `not read: ${path}!/../x.log: bad-name ("../x.log" leads out of the bundle)\n`,
    ])
    expect(stdout).toContain('of 6 files')
  })

  it.each(BUNDLES)(
    '%s with absolute names is read without the leading slash, and says so',
    async (name, make) => {
      const absolute = members.map((member) => ({ ...member, name: `/${member.name}` }))
      const path = written(name, make(absolute))
      const { code, stdout, stderr } = await runProgram(['scan', '--json', path])
      expect([code, stderr]).toEqual([0, `${path}: the leading / of ${absolute.length} names was left out\n`])
      const plain = await runProgram(['scan', '--json', written(name, make(members))])
      const places = (text: string) =>
        jsonLines(text).map(({ file, offset, rule_id }) => [file, offset, rule_id])
      expect(places(stdout)).toEqual(places(plain.stdout))
    },
  )

  it('that is cut tells what is there, and ends with an error', async () => {
    const whole = tarGzOf(members)
    const path = written('b.tgz', whole.subarray(0, whole.length - 200))
    const { code, stdout, stderr } = await runProgram(['scan', path])
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining(
        `dcvlens: ${path} could not be read to its end: incomplete (it ends too early)\n  What could`,
      ),
    ])
    expect(stdout).toMatch(/findings? and .* of \d files/)
  })

  it('that is none is an error', async () => {
    const { code, stderr } = await runProgram(['scan', written('b.zip', Buffer.from('no zip'))])
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining('could not be read to its end: damaged (not all of it is zip data'),
    ])
  })

  it('with a broken one in the folder is no failure', async () => {
    const folder = tempDir()
    writeFileSync(join(folder, 'b.zip'), 'no zip')
    writeFileSync(join(folder, 'x.log'), 'error: no space\n')
    const { code, stdout, stderr } = await runProgram(['scan', folder])
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining(`not read to its end: ${join(folder, 'b.zip')}: damaged`),
    ])
    expect(stdout).toContain('1 record of 1 file ')
  })

  it('never shows what a hostile name would do to the terminal', async () => {
    const path = written('b.zip', zipOf([{ name: 'a\u001b]0;x\u0007\n.log', content: 'error: x\n' }]))
    const { stderr } = await runProgram(['scan', path])
    expect(stderr).toMatch(/^not read: /)
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  })
})

describe('ingest of compressed logs and bundles', () => {
  it('stores each line once, with rows that tile the content', async () => {
    const [root, data] = [tempDir(), tempDir()]
    const text = Array.from({ length: 500 }, (_, i) => `line ${i}\n`).join('')
    const folder = join(root, 'var/log/dcv')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'dcv-xsession.mira.log.1'), text)
    writeFileSync(join(folder, 'dcv-xsession.mira.log.1.gz'), gzipSync(text))
    writeFileSync(join(folder, 'dcv-xsession.mira.log.2.gz'), gzipSync(`older\n${text}`))
    const bundle = written('b.tgz', tarGzOf([{ name: 'var/log/dcv/dcv-xsession.omar.log', content: text }]))
    const args = ['--root', root, '--data', data, '--json']
    const runs = [
      await runProgram(['ingest', ...args]),
      await runProgram(['ingest', ...args, root, bundle]),
      await runProgram(['ingest', ...args, bundle]),
    ]
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
      [0, ''],
    ])
    expect(runs.map(({ stdout }) => JSON.parse(stdout))).toMatchObject([
      { lines: 1001, files: 3, not_read: [] },
      { lines: 500, files: 4, not_read: [] },
      { lines: 0, files: 1, not_read: [] },
    ])
    const { lines, losses } = await readStore({ folder: join(data, 'store') })
    const keys = new Set(lines.map((line) => `${line.file_id}:${line.generation}`))
    for (const key of keys) {
      const own = lines.filter((line) => `${line.file_id}:${line.generation}` === key)
      expect(tilingFaults(own, own.length === 501 ? text.length + 6 : text.length)).toEqual([])
    }
    expect([keys.size, losses]).toEqual([3, []])
    expect(readdirSync(data).toSorted()).toEqual(['checkpoints', 'journal', 'store'])
  })

  it('tells of a damaged one, in the ledger too', async () => {
    const [root, data] = [tempDir(), tempDir()]
    const packed = gzipSync(Array.from({ length: 500 }, (_, i) => `line ${i} ${Math.sin(i)}\n`).join(''))
    const path = join(root, 'x.log.1.gz')
    writeFileSync(path, packed.subarray(0, packed.length - 500))
    for (let times = 0; times < 2; times++) {
      const { code, stderr } = await runProgram(['ingest', '--data', data, path])
      const told = `not read to its end: ${path}: incomplete (it ends too early)\ndcvlens: ${path} could not be read to its end`
      expect([code, stderr]).toEqual([3, expect.stringContaining(told)])
    }
    const { lines, losses } = await readStore({ folder: join(data, 'store') })
    expect(lines.length).toBeGreaterThan(100)
    expect(losses).toMatchObject([{ reason: 'unreadable', detail: 'incomplete: it ends too early' }])
  })
})

import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { discoverNamed, memberPlaces } from '../../src/collect/discover-named.ts'
import { forgetfulFiles } from '../../src/collect/file-index.ts'
import { FilesTally } from '../../src/collect/files-tally.ts'
import { unpackGzip } from '../../src/collect/gzip-file.ts'
import { loadLayouts } from '../../src/collect/load-layouts.ts'
import { readBundle } from '../../src/collect/read-bundle.ts'
import { UNPACK_LIMITS, type UnpackLimits } from '../../src/collect/unpack-limits.ts'
import { type MadeMember, tarGzOf, tarMember, tarOf, zipOf } from '../support/archives.ts'
import { tempDir } from '../support/temp-dir.ts'
import { type Row, rowsOf, someContext } from '../support/watched-tree.ts'

const layouts = loadLayouts([join(import.meta.dirname, '..', '..', 'rules')])
const LOG = 'var/log/dcv/dcv-xsession.mira.log'
const good: MadeMember = { name: LOG, content: 'one\ntwo\n' }

async function read(
  name: string,
  bytes: Buffer,
  limits: UnpackLimits = UNPACK_LIMITS,
  signal: AbortSignal = new AbortController().signal,
) {
  const path = join(tempDir(), name)
  writeFileSync(path, bytes)
  const before = openNumbers()
  const tally = new FilesTally()
  const rows: Row[] = []
  const context = { ...someContext(forgetfulFiles()), signal }
  const options = { context, place: memberPlaces(layouts), tally, limits }
  for await (const collected of readBundle({ path, shown: name }, options)) rows.push(...rowsOf(collected))
  expect(openNumbers()).toBe(before)
  const notRead = tally.notRead.map((one) => [one.path.slice(path.length), one.reason, one.detail])
  return { texts: rows.map(({ text }) => text), paths: rows.map((row) => row.path), notRead, tally }
}

/** How many files this process has open. */
const openNumbers = () => readdirSync('/proc/self/fd').length

const BUNDLES = [
  ['b.tar', tarOf],
  ['b.tgz', tarGzOf],
  ['b.zip', zipOf],
] as const

describe.each(BUNDLES)('%s', (name, make) => {
  it.each([
    ['../../etc/passwd.log', 'leads out'],
    ['/../etc/x.log', 'leads out'],
    ['var/../../x.log', 'leads out'],
    ['C:/x.log', 'absolute'],
    ['var/log/dcv/ser\u001b[2Jver.log', 'cannot be shown'],
    ['var/log/dcv/a\nb.log', 'cannot be shown'],
    ['var/log/dcv/\u202egol.log', 'cannot be shown'],
    [Buffer.from('var/log/dcv/\xff\xfe.log', 'latin1'), name === 'b.zip' ? '' : 'cannot be shown'],
  ])('refuses a member named %j, and reads the others', async (bad, why) => {
    const { texts, notRead } = await read(name, make([{ name: bad, content: 'bad\n' }, good]))
    if (why === '') expect(texts).toContain('one')
    else
      expect([texts, notRead]).toEqual([
        ['one', 'two'],
        [[expect.any(String), 'bad-name', expect.stringContaining(why)]],
      ])
  })

  it('reads a member once, and tells of the second of its name', async () => {
    const { texts, notRead } = await read(
      name,
      make([good, { ...good, name: `./${LOG}`, content: 'three\n' }]),
    )
    expect([texts, notRead]).toEqual([
      ['one', 'two'],
      [[`!/./${LOG}`, 'bad-name', expect.stringContaining('another member')]],
    ])
  })

  it('is read with the bundles in it, and no deeper', async () => {
    const deepest = tarGzOf([good])
    const deeper = make([good, { name: 'deepest.tgz', content: deepest }])
    const { texts, paths, notRead } = await read(name, make([{ name: `in/side.${name}`, content: deeper }]))
    expect([texts, paths[0]]).toEqual([['one', 'two'], `${name}!/in/side.${name}!/${LOG}`])
    expect(notRead).toEqual([
      [`!/in/side.${name}!/deepest.tgz`, 'unsupported', expect.stringContaining('no deeper')],
    ])
  })

  it('of more bytes than a bound is not read on', async () => {
    const big = { name: 'var/log/dcv/agent.x.log', content: `${'x'.repeat(99)}\n`.repeat(20_000) }
    const limits = { ...UNPACK_LIMITS, maxBytes: 1_000_000 }
    const { texts, notRead } = await read(name, make([good, big, { ...good, name: `${LOG}.1` }]), limits)
    expect([texts, notRead]).toEqual([
      ['one', 'two'],
      [['', 'bomb', expect.stringContaining('1000000 bytes')]],
    ])
  })

  it('of more members than a bound is not read on', async () => {
    const members = Array.from({ length: 20 }, (_, i) => ({
      ...good,
      name: `${LOG}.${i}`,
      content: `${i}\n`,
    }))
    const { texts, notRead } = await read(name, make(members), { ...UNPACK_LIMITS, maxMembers: 10 })
    expect(texts).toHaveLength(10)
    expect(notRead).toEqual([['', 'bomb', expect.stringContaining('10 members')]])
  })

  it('of more members that are refused than one can look at names some and counts the others', async () => {
    const members = Array.from({ length: 1100 }, (_, i) => ({ name: `../${i}.log`, content: 'x\n' }))
    const { texts, notRead } = await read(name, make([...members, good]))
    expect([texts, notRead.length]).toEqual([['one', 'two'], 1001])
    expect(notRead.at(-1)).toEqual(['', 'unsupported', '100 more of its members are not read'])
  })

  it('is left when the program is asked to end', async () => {
    const { texts, notRead } = await read(name, make([good]), UNPACK_LIMITS, AbortSignal.abort())
    expect([texts, notRead]).toEqual([[], [['', 'stopped', expect.any(String)]]])
  })

  it('with a compressed log that is a bomb is not read on', async () => {
    const bomb = gzipSync(Buffer.alloc(70 * 1024 * 1024))
    const { texts, notRead } = await read(name, make([good, { name: `${LOG}.1.gz`, content: bomb }]))
    expect([texts, notRead]).toEqual([['one', 'two'], [['', 'bomb', expect.stringContaining('200 times')]]])
  })

  it('that is something else is called so', async () => {
    for (const bytes of [Buffer.from('no archive\n'), Buffer.alloc(3000, 'x'), Buffer.alloc(0)]) {
      const { texts, tally } = await read(name, bytes)
      expect([texts, tally.broken]).toEqual([
        [],
        [expect.objectContaining({ reason: expect.stringMatching(/damaged|incomplete/) })],
      ])
    }
  })

  it('cut anywhere gives nothing wrong, and says that it was cut', async () => {
    const members = Array.from({ length: 5 }, (_, i) => ({
      name: `${LOG}.${i}`,
      content: Array.from({ length: 300 }, (_, n) => `file ${i} line ${n} ${Math.sin(n + i)}\n`).join(''),
    }))
    const whole = make(members)
    const lines = new Set(members.flatMap(({ content }) => content.split('\n')))
    for (const part of [0.1, 0.33, 0.5, 0.77, 0.99]) {
      const { texts, tally } = await read(name, whole.subarray(0, Math.floor(whole.length * part)))
      expect(tally.broken).toHaveLength(1)
      const wrong = texts.filter((text) => !lines.has(text))
      expect(wrong.length).toBeLessThanOrEqual(1)
      if (name !== 'b.zip' && part > 0.3) expect(texts.length).toBeGreaterThan(100)
    }
  })
})

describe('what cannot be read for want of the disk', () => {
  // The system says EIO for the first byte of it.
  const path = '/proc/self/mem'
  const known = forgetfulFiles()

  it('is named with what the system says, be it a bundle or a compressed log', async () => {
    const tally = new FilesTally()
    const options = { context: someContext(known), place: memberPlaces(layouts), tally }
    for await (const _ of readBundle({ path, shown: 'mem' }, options)) expect.fail('there is nothing to read')
    expect(tally.broken).toEqual([{ path, shown: 'mem', reason: 'unreadable', detail: 'EIO' }])
    const place = memberPlaces(layouts)('/x.log', '/x.log')
    if (place === undefined) expect.fail('it has a place')
    expect(await unpackGzip({ path, place }, { known })).toEqual({ refused: 'unreadable', detail: 'EIO' })
  })
})

describe('a tar file', () => {
  it('gives no link, device or FIFO, and names each', async () => {
    const odd = [...'123456'].map((type) => ({
      name: `x${type}.log`,
      type,
      ...('12'.includes(type) ? { linkTo: '/etc/passwd' } : {}),
    }))
    const { texts, notRead } = await read('b.tar', tarOf([...odd.filter(({ type }) => type !== '5'), good]))
    expect(texts).toEqual(['one', 'two'])
    expect(notRead.map(([path, reason]) => [path, reason])).toEqual(
      [...'12346'].map((type) => [`!/x${type}.log`, 'not-a-file']),
    )
  })

  it('whose header lies about a size ends with a fault', async () => {
    const negative = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0x00])
    const huge = Buffer.from([0x80, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
    for (const size of [negative, huge]) {
      const { texts, tally } = await read('b.tar', tarOf([good, { ...good, name: `${LOG}.1`, size }]))
      expect(texts.slice(0, 2)).toEqual(['one', 'two'])
      expect(tally.broken).toHaveLength(1)
    }
  })

  it('with a damaged header is read around it, and said to be damaged', async () => {
    const bad = tarMember({ ...good, name: `${LOG}.1` })
    bad[10] = 0x40
    const { texts, notRead } = await read(
      'b.tar',
      Buffer.concat([tarMember(good), bad, tarOf([{ ...good, name: `${LOG}.2`, content: 'three\n' }])]),
    )
    expect(texts).toEqual(['one', 'two', 'three'])
    expect(notRead).toEqual([['', 'damaged', expect.stringContaining('checksum')]])
  })

  it('compressed twice is not unpacked twice', async () => {
    const { texts, notRead } = await read(
      'b.tgz',
      gzipSync(gzipSync(tarOf([good]), { level: 0 }).subarray(0)),
    )
    expect(texts).toEqual([])
    expect(notRead).toEqual([['', expect.stringMatching(/unsupported|damaged/), expect.any(String)]])
  })

  it('may lack the names of folders, or be made of `.`', async () => {
    const { texts, notRead } = await read(
      'b.tar',
      tarOf([
        { name: './', type: '5' },
        { ...good, name: `./${LOG}` },
      ]),
    )
    expect([texts, notRead]).toEqual([['one', 'two'], []])
  })
})

describe('a zip file', () => {
  it('names what is encrypted, a link or compressed in an unknown way', async () => {
    const members = [
      { ...good, name: 'a.log', flags: 0x801 },
      { ...good, name: 'b.log', mode: 0o120777 },
      { ...good, name: 'c.log', method: 14 },
      good,
    ]
    const { texts, notRead } = await read('b.zip', zipOf(members))
    expect(texts).toEqual(['one', 'two'])
    expect(notRead.map(([path, reason]) => [path, reason])).toEqual([
      ['!/a.log', 'encrypted'],
      ['!/b.log', 'not-a-file'],
      ['!/c.log', 'unsupported'],
    ])
  })

  it('tells of a member whose checksum or size is wrong, and keeps what is there', async () => {
    const members = [
      { ...good, name: 'a.log', crc: 1 },
      { ...good, name: 'b.log', size: 100 },
      { ...good, name: 'c.log', size: 3 },
    ]
    const { texts, notRead } = await read('b.zip', zipOf(members))
    expect(texts).toEqual(['one', 'two', 'one', 'two', 'one', 'two'])
    expect(notRead.map(([path, reason]) => [path, reason])).toEqual([
      ['!/a.log', 'damaged'],
      ['!/b.log', 'incomplete'],
      ['!/c.log', 'damaged'],
    ])
  })
})

describe('a zip file that says it holds fewer files than it does', () => {
  /** Where the record at the end counts the files: ten bytes behind its begin, which is 22 before the end. */
  const COUNT = 22 - 10

  it.each([0, 1])('(%s of two) is told as damaged, besides what it gives', async (count) => {
    const bytes = zipOf([good, { ...good, name: 'b.log' }])
    bytes.writeUInt16LE(count, bytes.length - COUNT)
    const { texts, notRead } = await read('b.zip', bytes)
    expect(texts.length).toBe(2 * count)
    expect(notRead.map(([, reason]) => reason)).toEqual(['damaged'])
  })
})

describe('a folder', () => {
  it('gives the bundles in it, shown by their path in it', async () => {
    const folder = tempDir()
    writeFileSync(join(folder, 'b.zip'), zipOf([good]))
    const { bundles, found } = await discoverNamed([folder], layouts, undefined)
    expect([found, bundles]).toEqual([[], [{ path: join(folder, 'b.zip'), shown: 'b.zip' }]])
  })
})

describe.each(BUNDLES)('%s with any damage', (name, make) => {
  it('ends with records and faults that are told, never in another way', async () => {
    const content = Array.from({ length: 200 }, (_, i) => `line ${i} ${Math.sin(i)}\n`).join('')
    const whole = make([
      { name: LOG, content },
      { name: `${LOG}.1.gz`, content: gzipSync(content) },
      { name: 'in.zip', content: zipOf([{ ...good, content }]) },
    ])
    const change = fc.record({
      at: fc.nat({ max: whole.length - 1 }),
      byte: fc.integer({ min: 0, max: 255 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 6 }),
        fc.nat({ max: whole.length }),
        async (changes, cut) => {
          const bytes = Buffer.from(whole)
          for (const { at, byte } of changes) bytes[at] = byte
          const { texts, notRead } = await read(
            name,
            bytes.subarray(0, whole.length - (cut % 3 === 0 ? cut : 0)),
          )
          expect(texts.length + notRead.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 150 },
    )
  })
})

import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Checkpoint } from '../../src/collect/checkpoint.ts'
import { type Checkpoints, openCheckpoints } from '../../src/collect/checkpoints.ts'
import { discoverNamed } from '../../src/collect/discover-named.ts'
import { forgetfulFiles } from '../../src/collect/file-index.ts'
import { loadLayouts } from '../../src/collect/load-layouts.ts'
import type { NotRead } from '../../src/collect/not-read.ts'
import { readAll } from '../../src/collect/read-all.ts'
import type { Loss } from '../../src/model.ts'
import { tempDir } from '../support/temp-dir.ts'
import { tilingFaults } from '../support/tiling.ts'
import { type Row, rowsOf, someContext } from '../support/watched-tree.ts'

const layouts = loadLayouts([join(import.meta.dirname, '..', '..', 'rules')])
const LOG = 'var/log/dcv/dcv-xsession.mira.log'
const lines = (from: number, to: number, text = 'line') =>
  Array.from({ length: to - from + 1 }, (_, i) => `${text} ${from + i}\n`).join('')

/** A tree of logs that is ingested again and again, by a new process each time; what it read is gathered. */
class Ingested {
  readonly root = tempDir()
  readonly #data = tempDir()
  rows: Row[] = []
  losses: Loss[] = []
  notRead: NotRead[] = []

  path(name: string): string {
    return join(this.root, name)
  }

  write(name: string, content: string | Buffer): string {
    const path = this.path(name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    return path
  }

  /** Like gzip: the compressed file takes the place of the plain one. */
  gzip(name: string, content: string, options: { keep?: boolean } = {}): void {
    this.write(`${name}.gz`, gzipSync(content))
    if (options.keep !== true) rmSync(this.path(name))
  }

  async ingest(): Promise<readonly Row[]> {
    const before = this.rows.length
    const known = openCheckpoints(this.#data)
    this.notRead = []
    try {
      await this.#read(known)
    } finally {
      known.close()
    }
    return this.rows.slice(before)
  }

  async #read(known: Checkpoints): Promise<void> {
    const commits = new Map<string, () => Checkpoint>()
    const { found } = await discoverNamed([this.root], layouts, this.root)
    for await (const collected of readAll(found, someContext(known), (file) => this.notRead.push(file))) {
      this.rows.push(...rowsOf(collected))
      this.losses.push(...collected.losses)
      const { fileId, generation } = collected.chunk.file
      commits.set(`${fileId}:${generation}`, collected.checkpoint)
    }
    await known.commit(
      Array.from(commits.values(), (commit) => commit()),
      0,
    )
  }

  /** The texts in the order of their files and places, once each row tiles with its neighbours. */
  texts(): string[] {
    const keyOf = (row: Row) => `${row.fileId}:${row.generation}`
    for (const key of new Set(this.rows.map(keyOf))) {
      const rows = this.rows.filter((row) => keyOf(row) === key)
      const end = Math.max(...rows.map((row) => row.offset + row.length))
      expect(tilingFaults(rows, end)).toEqual([])
    }
    return this.rows.map(({ text }) => text)
  }
}

const textsOf = (rows: readonly Row[]) => rows.map(({ text }) => text)
const numbered = (from: number, to: number, text = 'line') => lines(from, to, text).trimEnd().split('\n')

describe('a compressed log', () => {
  it('is read by the offsets of its content, at the place of its plain base', async () => {
    const tree = new Ingested()
    tree.write(`${LOG}.1.gz`, gzipSync(lines(1, 3)))
    tree.write('var/log/messages-20260101.gz', gzipSync('Feb 10 08:16:01 ip-10-1-2-3 kernel: x\n'))
    const rows = await tree.ingest()
    expect(rows.map(({ text, offset, length, path }) => [text, offset, length, path])).toEqual([
      ['line 1', 0, 7, `/${LOG}.1.gz`],
      ['line 2', 7, 7, `/${LOG}.1.gz`],
      ['line 3', 14, 7, `/${LOG}.1.gz`],
      [expect.stringContaining('kernel: x'), 0, 38, '/var/log/messages-20260101.gz'],
    ])
    expect(await tree.ingest()).toEqual([])
  })

  it('has the identity that its plain file would have', async () => {
    const [plain, packed] = [new Ingested(), new Ingested()]
    plain.write(`${LOG}.1`, lines(1, 3))
    packed.write(`${LOG}.2.gz`, gzipSync(lines(1, 3)))
    const idOf = ([row]: readonly Row[]) => [row?.fileId, row?.generation]
    expect(idOf(await packed.ingest())).toEqual(idOf(await plain.ingest()))
  })

  it('of many members, or with something behind it, is read to its end', async () => {
    const tree = new Ingested()
    tree.write(
      `${LOG}.1.gz`,
      Buffer.concat([gzipSync(lines(1, 3)), gzipSync(lines(4, 9)), Buffer.alloc(100_000)]),
    )
    expect(textsOf(await tree.ingest())).toEqual(numbered(1, 9))
    expect(tree.notRead).toEqual([])
  })

  it('is not unpacked again when it was read to its end, but when it is another', async () => {
    const tree = new Ingested()
    const path = tree.write(`${LOG}.1.gz`, gzipSync(lines(1, 3)))
    const mtime = new Date('2026-02-10T09:00:00Z')
    utimesSync(path, mtime, mtime)
    await tree.ingest()
    const { size } = statSync(path)
    // The same look: nobody can see that it is not gzip any more.
    writeFileSync(path, Buffer.alloc(size))
    utimesSync(path, mtime, mtime)
    expect([await tree.ingest(), tree.notRead]).toEqual([[], []])
    appendFileSync(path, 'x')
    expect([await tree.ingest(), tree.notRead]).toEqual([
      [],
      [expect.objectContaining({ reason: 'damaged' })],
    ])
  })

  it('leaves nothing behind in the folder for temporary files', async () => {
    const before = readdirSync('/var/tmp').filter((name) => name.startsWith('dcvlens-'))
    const tree = new Ingested()
    tree.write(`${LOG}.1.gz`, gzipSync(lines(1, 3)))
    await tree.ingest()
    expect(readdirSync('/var/tmp').filter((name) => name.startsWith('dcvlens-'))).toEqual(before)
  })
})

describe('a plain file that was read', () => {
  it('and is compressed then goes on where it was, under its id and generation', async () => {
    const tree = new Ingested()
    const path = tree.write(LOG, lines(1, 100))
    const [first] = await tree.ingest()
    appendFileSync(path, lines(101, 150))
    renameSync(path, `${path}.1`)
    tree.gzip(`${LOG}.1`, lines(1, 150))
    const more = await tree.ingest()
    expect(textsOf(more)).toEqual(numbered(101, 150))
    expect(new Set(more.map((row) => `${row.fileId}:${row.generation}:${row.path}`))).toEqual(
      new Set([`${first?.fileId}:${first?.generation}:${first?.path}`]),
    )
    expect(tree.texts()).toEqual(numbered(1, 150))
    expect(await tree.ingest()).toEqual([])
  })

  it('in the middle of a line goes on in the middle of it', async () => {
    const tree = new Ingested()
    const path = tree.write(LOG, `${lines(1, 2)}half a `)
    await tree.ingest()
    rmSync(path)
    tree.write(`${LOG}.1.gz`, gzipSync(`${lines(1, 2)}half a line\n`))
    const more = await tree.ingest()
    expect(more.map(({ text, flags, before }) => [text, flags & 1, before])).toEqual([['line', 1, 'half a ']])
    tree.texts()
  })

  it('is counted once through many rotations while nobody watched', async () => {
    const tree = new Ingested()
    tree.write(LOG, lines(1, 50, 'a'))
    await tree.ingest()
    rmSync(tree.path(LOG))
    tree.write(`${LOG}.3.gz`, gzipSync(lines(1, 60, 'a')))
    tree.write(`${LOG}.2.gz`, gzipSync(lines(1, 40, 'b')))
    tree.write(`${LOG}.1`, lines(1, 30, 'c'))
    tree.write(LOG, lines(1, 20, 'd'))
    await tree.ingest()
    const all = [
      ...numbered(1, 60, 'a'),
      ...numbered(1, 40, 'b'),
      ...numbered(1, 30, 'c'),
      ...numbered(1, 20, 'd'),
    ]
    expect(tree.texts().toSorted()).toEqual(all.toSorted())
    renameSync(tree.path(`${LOG}.3.gz`), tree.path(`${LOG}.4.gz`))
    renameSync(tree.path(`${LOG}.2.gz`), tree.path(`${LOG}.3.gz`))
    tree.gzip(`${LOG}.1`, lines(1, 30, 'c'))
    renameSync(tree.path(`${LOG}.1.gz`), tree.path(`${LOG}.2.gz`))
    renameSync(tree.path(LOG), tree.path(`${LOG}.1`))
    expect(await tree.ingest()).toEqual([])
  })

  it.each(['plain first', 'compressed first', 'both at once'])(
    'and stands beside its compressed copy is counted once: %s',
    async (order) => {
      const tree = new Ingested()
      const plain = () => tree.write(`${LOG}.1`, lines(1, 50))
      const packed = () => tree.write(`${LOG}.1.gz`, gzipSync(lines(1, 50)))
      const steps =
        {
          'plain first': [plain, packed],
          'compressed first': [packed, plain],
          'both at once': [() => [plain(), packed()]],
        }[order] ?? []
      for (const step of steps) {
        step()
        await tree.ingest()
      }
      expect(tree.texts()).toEqual(numbered(1, 50))
      expect(await tree.ingest()).toEqual([])
      rmSync(tree.path(`${LOG}.1`))
      expect(await tree.ingest()).toEqual([])
    },
  )

  it('and grows beside a compressed copy of its beginning is counted once', async () => {
    const tree = new Ingested()
    tree.write(LOG, lines(1, 50))
    tree.write(`${LOG}.1.gz`, gzipSync(lines(1, 20)))
    await tree.ingest()
    expect(tree.texts()).toEqual(numbered(1, 50))
  })

  it('and begins like an older compressed one is not taken for it', async () => {
    const tree = new Ingested()
    tree.write(LOG, 'Starting\n')
    await tree.ingest()
    tree.write(`${LOG}.1.gz`, gzipSync(`Starting\n${lines(1, 3, 'old')}`))
    await tree.ingest()
    appendFileSync(tree.path(LOG), lines(1, 3, 'new'))
    await tree.ingest()
    expect(tree.texts()).toEqual(['Starting', 'Starting', ...numbered(1, 3, 'old'), ...numbered(1, 3, 'new')])
    expect(new Set(tree.rows.map((row) => `${row.fileId}:${row.generation}`)).size).toBe(2)
  })

  it('of the same first lines as others in other folders keeps apart from them', async () => {
    const tree = new Ingested()
    const [one, two] = ['mira', 'omar'].map((user) => `var/log/dcv/dcv-xsession.${user}.log`) as [
      string,
      string,
    ]
    tree.write(one, lines(1, 500))
    await tree.ingest()
    tree.write(`${two}.1.gz`, gzipSync(lines(1, 600)))
    expect(await tree.ingest()).toHaveLength(600)
  })

  it('is forgotten by nobody when its inode is given to another of the same first line', async () => {
    const tree = new Ingested()
    for (let round = 0; round < 6; round++) {
      tree.write(LOG, `banner\n${lines(1, 20, `r${round}`)}`)
      await tree.ingest()
      tree.gzip(LOG, `banner\n${lines(1, 20, `r${round}`)}`)
      renameSync(tree.path(`${LOG}.gz`), tree.path(`${LOG}.${9 - round}.gz`))
      await tree.ingest()
    }
    expect(tree.rows).toHaveLength(6 * 21)
    expect(new Set(tree.rows.map((row) => row.generation)).size).toBe(6)
  })

  it('and whose inode and place another file has goes on in its compressed one', async () => {
    const tree = new Ingested()
    const path = tree.write(LOG, lines(1, 20))
    await tree.ingest()
    const { ino } = statSync(path)
    tree.gzip(LOG, lines(1, 30))
    renameSync(`${path}.gz`, `${path}.1.gz`)
    // Most file systems give the number to the next file.
    for (let n = 0; n < 20 && statSync(path, { throwIfNoEntry: false })?.ino !== ino; n++) {
      tree.write(`other${n}`, '')
      renameSync(tree.path(`other${n}`), path)
    }
    writeFileSync(path, 'new\n')
    await tree.ingest()
    expect(tree.texts().toSorted()).toEqual([...numbered(1, 30), 'new'].toSorted())
  })

  it('cut in place after it was copied (copytruncate) goes on in the compressed copy', async () => {
    const tree = new Ingested()
    tree.write(LOG, lines(1, 20, 'a'))
    for (const [now, next] of [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'd'],
    ] as const) {
      await tree.ingest()
      tree.write(`${LOG}.${now}`, gzipSync(lines(1, 30, now)))
      renameSync(tree.path(`${LOG}.${now}`), tree.path(`${LOG}.${9 - tree.losses.length}.gz`))
      tree.write(LOG, lines(1, 20, next))
    }
    await tree.ingest()
    expect(await tree.ingest()).toEqual([])
    const all = [
      ...numbered(1, 30, 'a'),
      ...numbered(1, 30, 'b'),
      ...numbered(1, 30, 'c'),
      ...numbered(1, 20, 'd'),
    ]
    expect(tree.texts().toSorted()).toEqual(all.toSorted())
    expect(tree.losses.map(({ reason }) => reason)).toEqual(['truncated', 'truncated', 'truncated'])
  })

  it('cut and compressed anywhere, with any content, is counted once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        async (texts, part, keep) => {
          const tree = new Ingested()
          const content = Buffer.from(`first\n${texts.map((text) => `${text}\n`).join('')}`)
          tree.write(`${LOG}.1`, content.subarray(0, Math.floor(content.length * part)))
          await tree.ingest()
          tree.write(`${LOG}.1`, content)
          if (keep) await tree.ingest()
          tree.gzip(`${LOG}.1`, content.toString(), { keep })
          await tree.ingest()
          expect(await tree.ingest()).toEqual([])
          const total = tree.rows.reduce((sum, row) => sum + row.length, 0)
          expect(total).toBe(content.length)
          expect(tilingFaults(tree.rows, content.length)).toEqual([])
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('a compressed log with a fault', () => {
  const whole = gzipSync(Array.from({ length: 3000 }, (_, i) => `line ${i} ${Math.sin(i)}\n`).join(''))

  it('is read up to it; the ledger and the operator are told, the ledger once', async () => {
    const tree = new Ingested()
    const broken = Buffer.from(whole)
    broken.fill(0xff, whole.length / 2, whole.length / 2 + 40)
    tree.write(`${LOG}.1.gz`, broken)
    const rows = await tree.ingest()
    expect(rows.length).toBeGreaterThan(1000)
    expect(rows.length).toBeLessThan(3000)
    const end = rows.reduce((sum, row) => sum + row.length, 0)
    const loss = { reason: 'unreadable', offset: end, length: 0, detail: expect.stringContaining('damaged') }
    for (let times = 0; times < 2; times++) {
      expect(tree.losses).toMatchObject([loss])
      expect(tree.notRead).toEqual([
        expect.objectContaining({ reason: 'damaged', path: tree.path(`${LOG}.1.gz`) }),
      ])
      expect(await tree.ingest()).toEqual([])
    }
  })

  it('that is whole later goes on where it was cut', async () => {
    const tree = new Ingested()
    tree.write(`${LOG}.1.gz`, whole.subarray(0, whole.length / 2))
    await tree.ingest()
    expect(tree.notRead).toEqual([expect.objectContaining({ reason: 'incomplete' })])
    expect(tree.rows.length).toBeGreaterThan(1000)
    tree.write(`${LOG}.1.gz`, whole)
    await tree.ingest()
    expect(tree.notRead).toEqual([])
    tree.texts()
    expect(tree.rows.reduce((sum, row) => sum + row.length, 0)).toBe(lengthOf(whole))
  })

  it('of which the plain file was read further gives nothing', async () => {
    const tree = new Ingested()
    tree.write(`${LOG}.1`, lines(1, 3000))
    await tree.ingest()
    rmSync(tree.path(`${LOG}.1`))
    const packed = gzipSync(lines(1, 3000))
    tree.write(`${LOG}.1.gz`, packed.subarray(0, packed.length / 2))
    expect([await tree.ingest(), tree.notRead]).toEqual([
      [],
      [expect.objectContaining({ reason: 'incomplete' })],
    ])
    tree.write(`${LOG}.1.gz`, packed)
    expect([await tree.ingest(), tree.notRead]).toEqual([[], []])
  })

  it('that is none or a bomb is named, and nothing of it is read', async () => {
    const tree = new Ingested()
    tree.write(`${LOG}.1.gz`, 'this is plain text\n')
    tree.write(`${LOG}.2.gz`, '')
    tree.write(`${LOG}.3.gz`, gzipSync(Buffer.alloc(70 * 1024 * 1024, 'x')))
    expect(await tree.ingest()).toEqual([])
    expect(tree.notRead.map(({ reason }) => reason)).toEqual(['damaged', 'incomplete', 'bomb'])
  })
})

describe('without a store', () => {
  it('plain and compressed copies of the same content are counted once', async () => {
    const root = tempDir()
    mkdirSync(join(root, dirname(LOG)), { recursive: true })
    writeFileSync(join(root, LOG), lines(1, 10))
    writeFileSync(join(root, `${LOG}.1`), lines(1, 20, 'old'))
    writeFileSync(join(root, `${LOG}.1.gz`), gzipSync(lines(1, 20, 'old')))
    writeFileSync(join(root, `${LOG}.2.gz`), gzipSync(lines(1, 20, 'old')))
    const { found } = await discoverNamed([root], layouts, root)
    const rows: Row[] = []
    for await (const one of readAll(found, someContext(forgetfulFiles()), () => {})) rows.push(...rowsOf(one))
    expect(rows).toHaveLength(30)
  })
})

function lengthOf(packed: Buffer): number {
  return packed.readUInt32LE(packed.length - 4)
}

describe('a compressed log with bytes after its end', () => {
  it.each([1, 1000, 20_000])('of %i lines is read whole, as gzip gives it, and told of', async (count) => {
    const ingested = new Ingested()
    const text = Array.from({ length: count }, (_, i) => `line ${i} ${(i * 7919) % 10_007}\n`).join('')
    ingested.write(`${LOG}.1.gz`, Buffer.concat([gzipSync(text), Buffer.from('garbage')]))
    const rows = await ingested.ingest()
    expect(rows.map((row) => `${row.text}\n`).join('')).toBe(text)
    expect(ingested.losses).toMatchObject([
      { reason: 'unreadable', offset: text.length, detail: expect.stringContaining('what follows its end') },
    ])
  })
})

import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { Checkpoint } from '../../src/collect/checkpoint.ts'
import { openCheckpoints } from '../../src/collect/checkpoints.ts'
import { discoverNamed } from '../../src/collect/discover-named.ts'
import { FilesTally } from '../../src/collect/files-tally.ts'
import { loadLayouts } from '../../src/collect/load-layouts.ts'
import { readNamed } from '../../src/collect/read-named.ts'
import { tarGzOf, tarOf, zipOf } from '../support/archives.ts'
import { tempDir } from '../support/temp-dir.ts'
import { tilingFaults } from '../support/tiling.ts'
import { type Row, rowsOf, someContext } from '../support/watched-tree.ts'

const layouts = loadLayouts([join(import.meta.dirname, '..', '..', 'rules')])
const LOG = 'var/log/dcv/dcv-xsession.mira.log'
const WRITTEN = new Date('2026-02-10T09:00:00Z')

type Files = ReadonlyMap<string, Buffer>
type Told = Row & { readonly placement: unknown; readonly mtimeMs: number }

/** Reads what is named into the checkpoints of a folder, as a new process does. */
async function ingested(paths: readonly string[], data: string) {
  const known = openCheckpoints(data)
  const tally = new FilesTally()
  const rows: Told[] = []
  const commits = new Map<string, () => Checkpoint>()
  try {
    const named = await discoverNamed(paths, layouts, undefined)
    for await (const collected of readNamed(named, { context: someContext(known), layouts, tally })) {
      const { file, mtimeMs } = collected.chunk
      const { identity, profile, source, format } = file
      const placement = { identity, profile, source, format }
      rows.push(...rowsOf(collected).map((row) => ({ ...row, placement, mtimeMs })))
      commits.set(`${file.fileId}:${file.generation}`, collected.checkpoint)
    }
    await known.commit(
      Array.from(commits.values(), (commit) => commit()),
      0,
    )
  } finally {
    known.close()
  }
  return { rows, tally }
}

function writeTree(root: string, files: Files): void {
  for (const [name, content] of files) {
    const path = join(root, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    utimesSync(path, WRITTEN, WRITTEN)
  }
}

const membersOf = (files: Files) => [...files].map(([name, content]) => ({ name, content, mtime: WRITTEN }))

/** What a row says but for its identity, by the path below the root. */
function records(rows: readonly Told[]): unknown[] {
  return rows
    .map(({ path, text, offset, length, flags, placement, mtimeMs, generation }) => {
      const inside = path.replace(/^.*!/, '').replace(/^.*(?=\/(?:var|apps|other)\/)/, '')
      return JSON.stringify({ inside, text, offset, length, flags, placement, mtimeMs, generation })
    })
    .toSorted()
}

const NAMES = [
  ...[
    'var/log/dcv/server.log',
    'var/log/messages-20260101',
    'var/log/dcv/agent.console.log',
    'other/notes.log',
  ],
  'apps/soca/soca-blue/cluster_node_bootstrap/logs/desktop/mira/Cad1/ip-10-8-0-21/ComputeNode.sh.log',
  'other/picture.png',
]
const LINE = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    '2026-02-10 08:16:40,161016 [ 1:1 ] INFO main - started',
    'Traceback (most recent call last):',
    '  at x',
    '',
  ),
)
const CONTENT = fc.array(LINE, { maxLength: 30 }).map((texts) => Buffer.from(texts.join('\n')))
const FILES = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(...NAMES),
    rotation: fc.constantFrom('', '.1', '.2'),
    gz: fc.boolean(),
    content: CONTENT,
  }),
  { selector: ({ name, rotation }) => name + rotation, maxLength: 8, minLength: 1 },
)

describe('a tree, its tar file and its zip file', () => {
  it('give the same records', async () => {
    await fc.assert(
      fc.asyncProperty(FILES, async (made) => {
        // A log that begins like another of its rotations is another story.
        const files: Files = new Map(
          made.map(({ name, rotation, gz, content }) => {
            const own = Buffer.concat([Buffer.from(`${name}${rotation}\n`), content])
            return [`${name}${rotation}${gz ? '.gz' : ''}`, gz ? gzipSync(own) : own]
          }),
        )
        const folder = tempDir()
        writeTree(join(folder, 'tree'), files)
        writeFileSync(join(folder, 'b.tar'), tarOf(membersOf(files)))
        writeFileSync(join(folder, 'b.tgz'), tarGzOf(membersOf(files)))
        writeFileSync(join(folder, 'b.zip'), zipOf(membersOf(files)))
        const tree = await ingested([join(folder, 'tree')], tempDir())
        for (const name of ['b.tar', 'b.tgz', 'b.zip']) {
          const bundle = await ingested([join(folder, name)], tempDir())
          expect(records(bundle.rows)).toEqual(records(tree.rows))
          expect([bundle.tally.files, bundle.tally.passedOver]).toEqual([
            tree.tally.files,
            tree.tally.passedOver,
          ])
          expect([bundle.tally.notRead, tree.tally.notRead]).toEqual([[], []])
        }
      }),
      { numRuns: 25 },
    )
  })
})

describe.each([
  ['b.tar', tarOf],
  ['b.tar.gz', tarGzOf],
  ['b.tgz', tarGzOf],
  ['b.zip', zipOf],
] as const)('a bundle %s', (name, make) => {
  const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}\n`).join('')
  const files: Files = new Map([
    [LOG, Buffer.from(lines(30_000))],
    [`${LOG}.1`, Buffer.from(`first\n${lines(10)}`)],
    [`${LOG}.2.gz`, gzipSync(`second\n${lines(10)}`)],
    ['etc/hosts', Buffer.from('no log\n')],
  ])

  it('shows its members by their path in it, and finds their layout by it', async () => {
    const path = join(tempDir(), name)
    writeFileSync(path, make(membersOf(files)))
    const { rows, tally } = await ingested([path], tempDir())
    expect(new Set(rows.map((row) => row.path))).toEqual(
      new Set([`${name}!/${LOG}`, `${name}!/${LOG}.1`, `${name}!/${LOG}.2.gz`]),
    )
    expect(rows[0]?.placement).toMatchObject({ source: 'dcv-xsession', identity: { owner: 'mira' } })
    expect([tally.files, tally.passedOver]).toEqual([3, 1])
  })

  it('that is ingested again is not stored again, as long as it is the same', async () => {
    const [data, path] = [tempDir(), join(tempDir(), name)]
    writeFileSync(path, make(membersOf(files)))
    const first = await ingested([path], data)
    expect(first.rows).toHaveLength(30_000 + 22)
    const again = await ingested([path], data)
    expect([again.rows, again.tally.files]).toEqual([[], 3])
    const grown = new Map(files).set(LOG, Buffer.from(`${lines(30_000)}one more\n`))
    writeFileSync(path, make(membersOf(grown)))
    const more = await ingested([path], data)
    expect(more.rows.map(({ text }) => text)).toEqual(['one more'])
    const own = [...first.rows, ...more.rows].filter((row) => row.path === `${name}!/${LOG}`)
    expect(tilingFaults(own, lines(30_000).length + 9)).toEqual([])
  })

  it('of which a plain and a compressed member are the same counts them once', async () => {
    for (const order of [
      ['.1', '.1.gz'],
      ['.1.gz', '.1'],
    ]) {
      const path = join(tempDir(), name)
      const contents: Readonly<Record<string, Buffer>> = {
        '.1': Buffer.from(lines(50)),
        '.1.gz': gzipSync(lines(50)),
      }
      writeFileSync(
        path,
        make(order.map((mark) => ({ name: `${LOG}${mark}`, content: contents[mark] ?? '' }))),
      )
      expect((await ingested([path], tempDir())).rows).toHaveLength(50)
    }
  })

  it('leaves nothing behind, even if its reader goes away', async () => {
    const path = join(tempDir(), name)
    writeFileSync(path, make(membersOf(files)))
    const known = openCheckpoints(tempDir())
    const left = () => readdirSync('/var/tmp').filter((one) => one.startsWith('dcvlens-'))
    const open = () => readdirSync('/proc/self/fd').length
    const before = [left(), open()] as const
    const named = await discoverNamed([path], layouts, undefined)
    for await (const _ of readNamed(named, { context: someContext(known), layouts, tally: new FilesTally() }))
      break
    expect(open()).toBe(before[1])
    // Other tests unpack beside it; their folders are there for a moment only.
    await vi.waitFor(() => expect(left().filter((one) => !before[0].includes(one))).toEqual([]))
    known.close()
  })
})

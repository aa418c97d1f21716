import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineNumbering, numberedLines } from '../../src/cli/line-numbers.ts'
import { loadConfig } from '../../src/config.ts'
import type { EventJson } from '../../src/event-json.ts'
import { tempDir } from '../support/temp-dir.ts'

const FILE = '/var/log/dcv/server.log'

/** Asks for the numbers of lines below a root in which the file holds this. */
function asked(text: string | Buffer, events: readonly EventJson[], file = FILE): (number | undefined)[] {
  const root = tempDir()
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
  return numbersOf(root, events)
}

function numbersOf(root: string, events: readonly EventJson[]): (number | undefined)[] {
  return numberedLines(events, root).map(({ line }) => line)
}

function event(offset: number, message: string, file = FILE): EventJson {
  return {
    ...{ event_id: `${offset}`, ts: '', ts_quality: 'parsed', file, file_id: 'f', generation: 0 },
    ...{ offset, length: Buffer.byteLength(`${message}\n`), message, kind: 'signature' },
  }
}

describe('the number of a line', () => {
  it('is that of its place in the file, in whatever order lines are asked for', () => {
    const lines = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(lines, fc.infiniteStream(fc.nat()), (texts, random) => {
        const clean = texts.map((text) => text.replaceAll(/\s/g, '_'))
        let offset = 0
        const events = clean.map((text) => {
          const one = event(offset, text)
          offset += one.length
          return { one, order: random.next().value ?? 0 }
        })
        const shuffled = events
          .map(({ one, order }, index) => ({ one, order, number: index + 1 }))
          .sort((a, b) => a.order - b.order)
        expect(
          asked(
            clean.map((text) => `${text}\n`).join(''),
            shuffled.map(({ one }) => one),
          ),
        ).toEqual(shuffled.map(({ number }) => number))
      }),
      { numRuns: 30 },
    )
  })

  it('is told of a message from which its time was cut', () => {
    expect(asked('a\n10:00 boom\n', [{ ...event(2, 'boom'), length: 11 }])).toEqual([2])
  })

  it('is not told where the file is another one since, is not here, or ends before', () => {
    expect(asked('a\nother\n', [event(2, 'boom!')])).toEqual([undefined])
    expect(asked('abc\nboom\n', [event(3, 'boom')])).toEqual([undefined])
    expect(asked('a\n', [event(2, 'boom'), event(0, 'a', '/var/log/none.log')])).toEqual([
      undefined,
      undefined,
    ])
  })

  it('is not told of what is packed, in UTF-16, or behind a link', () => {
    expect(asked('a\n', [event(0, 'a', '/var/log/x.gz')], '/var/log/x.gz')).toEqual([undefined])
    expect(asked(Buffer.from('\uFEFFa\n', 'utf16le'), [event(0, 'a')])).toEqual([undefined])
    const root = tempDir()
    mkdirSync(join(root, 'var'))
    writeFileSync(join(root, 'secret'), 'a\n')
    symlinkSync(join(root, 'secret'), join(root, 'var', 'link.log'))
    expect(numbersOf(root, [event(0, 'a', '/var/link.log')])).toEqual([undefined])
  })

  it('stays as it is where somebody told it before', () => {
    expect(asked('a\nb\n', [{ ...event(2, 'b'), line: 7 }])).toEqual([7])
  })

  it('is told by a service of the beginning of a file on a local disk, and of no other', () => {
    const root = tempDir()
    mkdirSync(join(root, 'shared'))
    writeFileSync(join(root, 'shared', 'x.log'), `a\n${'-'.repeat(17 << 20)}\nz\n`)
    const events = [event(2, '-'.repeat(9), '/shared/x.log'), event((17 << 20) + 3, 'z', '/shared/x.log')]
    const linesBy = (networkFolders: string[]) =>
      lineNumbering({ ...loadConfig(undefined, { root }), networkFolders })(events).map(({ line }) => line)
    expect(linesBy([])).toEqual([2, undefined])
    expect(linesBy([join(root, 'shared')])).toEqual([undefined, undefined])
  })
})

import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hold } from '../../src/collect/assemble.ts'
import { BEFORE_BYTES } from '../../src/collect/open-end.ts'
import { Reader, type ReaderState } from '../../src/collect/reader.ts'
import { createWorkspace } from '../../src/collect/workspace.ts'
import { createClassifier } from '../../src/interpret/classify.ts'
import { createInterpreter } from '../../src/interpret/interpret.ts'
import { loadFormats } from '../../src/interpret/load-formats.ts'
import type { FileMemory, SourceFile } from '../../src/model.ts'
import { leaks, SPLIT_SECRETS, unmarked } from './split-secrets.ts'

const FORMATS = loadFormats([join(import.meta.dirname, '..', '..', 'rules')])
const interpret = createInterpreter({ formats: FORMATS, classifier: createClassifier([]) })
const workspace = createWorkspace(64)

const empty = Buffer.alloc(0)
const fileOf = (format: string): SourceFile => ({
  ...{ identity: { cluster: '', owner: '', session: '', sessionUuid: '', host: '' }, profile: '', format },
  ...{ source: 'generic', fileId: '00', generation: 0, path: '/x.log', zone: 'UTC' },
})

/** A piece of a log, how it is flushed, and whether the program starts anew before it. */
type Piece = { readonly text: string; readonly hold: Hold; readonly restarts?: boolean }
type Log = { readonly format: string; readonly maxRecordBytes?: number }

function readerAt(
  { format, maxRecordBytes = 1 << 20 }: Log,
  state: ReaderState,
  memory: FileMemory,
  before: string,
): Reader {
  const framing = FORMATS.get(format)?.framing
  if (framing === undefined) throw new Error(format)
  const start = { ...state, memory, before, head: empty, guard: empty }
  return new Reader(fileOf(format), framing, start, { limits: { maxRecordBytes }, workspace })
}

/** The reader of a program that starts with what this one leaves in its checkpoint. */
function afterRestart(log: Log, { state, memory }: Reader, bytes: Buffer): Reader {
  const kept = JSON.parse(JSON.stringify({ state, memory })) as { state: ReaderState; memory: FileMemory }
  const { offset, openFrom } = kept.state
  const from = openFrom === undefined ? offset : Math.max(openFrom, offset - BEFORE_BYTES)
  return readerAt(log, kept.state, kept.memory, bytes.toString('utf8', from, offset))
}

/** What is shown of these pieces of a log, which come one after the other, each flushed as it says. */
function shown(log: Log, pieces: readonly Piece[]): string {
  const bytes = Buffer.from(pieces.map(({ text }) => text).join(''))
  let reader = readerAt(log, { offset: 0 }, { ts: 0, tsQuality: 0, windows: {} }, '')
  let written = 0
  const out: string[] = []
  for (const { text, hold, restarts } of [
    ...pieces,
    { text: '', hold: 'nothing', restarts: false } as const,
  ]) {
    if (restarts === true) reader = afterRestart(log, reader, bytes)
    written += Buffer.byteLength(text)
    const size = written - reader.position
    bytes.copy(reader.room(size), 0, reader.position, written)
    const chunk = reader.take(size, hold, { mtimeMs: 0 })
    if (chunk === undefined) continue
    const { replaced, textBegin, textEnd } = interpret(chunk)
    for (let row = 0; row < chunk.count; row++) {
      out.push(replaced.get(row) ?? chunk.bytes.toString('utf8', textBegin[row], textEnd[row]))
    }
  }
  return out.join('\n')
}

type Cut = Omit<Piece, 'text'> & { readonly at: number }

function piecesOf(text: string, cuts: readonly Cut[]): Piece[] {
  const ends = [...cuts].sort((a, b) => a.at - b.at)
  const all = [...ends, { at: text.length, hold: 'record' as const }]
  return all.map(({ at, ...how }, i) => ({ text: text.slice(ends[i - 1]?.at ?? 0, at), ...how }))
}

function lineEnds(text: string): Cut[] {
  return [...text.matchAll(/\n/g)].map(({ index }) => ({ at: index + 1, hold: 'line' }))
}

const logs = fc.record({
  format: fc.constantFrom(...FORMATS.keys()),
  // Much shorter than any setting: a limit, too, cuts anywhere.
  maxRecordBytes: fc.constantFrom(1 << 20, 1 << 20, 500, 130, 60),
})
const hold = fc.constantFrom<Hold>('record', 'line', 'nothing')
const cutsOf = (text: string): fc.Arbitrary<Cut[]> =>
  fc.array(fc.record({ at: fc.nat(text.length), hold, restarts: fc.boolean() }), { maxLength: 8 })

it.each(Object.entries(SPLIT_SECRETS))('%s is masked, wherever it is cut and flushed', (_, marked) => {
  const text = unmarked(marked)
  fc.assert(
    fc.property(logs, cutsOf(text), fc.boolean(), (log, some, byLine) => {
      const output = shown(log, piecesOf(text, byLine ? [...some, ...lineEnds(text)] : some))
      expect({ leaks: leaks(output, marked), output }).toEqual({ leaks: [], output })
    }),
    { numRuns: 300 },
  )
})

describe('cuts that once showed a secret', () => {
  const cut = (name: string, log: Log, ...at: number[]) => {
    const marked = SPLIT_SECRETS[name] ?? ''
    const cuts = at.map((position) => ({ at: position, hold: 'nothing' as const }))
    expect(leaks(shown(log, piecesOf(unmarked(marked), cuts)), marked)).toEqual([])
  }

  it('the rest of a line looks like a head of its own (Info: …)', () =>
    cut('an encrypted key', { format: 'win-edh' }, 1, 62))

  it('the first line of a record is cut, which has more lines', () => {
    cut('a word for a command', { format: 'win-soca' }, 1, 25)
    cut('a word for a command', { format: 'win-edh' }, 3, 25)
  })

  it('a line is cut twice after a flushed one', () => {
    const flushed = ['+ chpasswd', '\nj', 'doe:Zq9Canaryseven\n'].map((text) => ({
      text,
      hold: 'nothing' as const,
    }))
    expect(shown({ format: 'dcv' }, flushed)).not.toContain('Zq9Canary')
  })
})

describe('a key whose first line is not shown', () => {
  const [, first = '', ...rest] = unmarked(SPLIT_SECRETS['an indented key'] ?? '').split('\n')
  const body = [first, ...rest].join('\n')
  const isMasked = (log: Log, text: string, step = text.length) => {
    const cuts = Array.from({ length: Math.ceil(text.length / step) - 1 }, (_, i) => ({
      at: (i + 1) * step,
      hold: 'record' as const,
    }))
    const output = shown(log, piecesOf(text, cuts))
    expect(leaks(output, SPLIT_SECRETS['an indented key'] ?? '')).toEqual([])
    expect(output.endsWith('ok')).toBe(true)
  }

  it.each(['plain', 'dcv'])('is known where a limit has cut that line off (%s)', (format) => {
    const line = `${'x'.repeat(5000)}-----BEGIN RSA PRIVATE KEY-----\n`
    for (const step of [10_000, 700, 64]) isMasked({ format, maxRecordBytes: 1000 }, line + body, step)
  })

  it.each(['plain', 'dcv'])('is known by its end, and at the beginning of a file (%s)', (format) => {
    isMasked({ format }, `written before\n${body}`)
    isMasked({ format }, body, first.length + 1)
  })

  it('is no certificate', () => {
    const certificate = `issued\n${body.replace('-----END RSA PRIVATE KEY-----', '-----END CERTIFICATE-----')}`
    expect(shown({ format: 'plain' }, [{ text: certificate, hold: 'record' }])).toContain(first)
  })
})

describe('the line below a prompt', () => {
  it.each(['Password: \nok\n', 'Password for admin:\nkinit: Cannot contact any KDC\n', 'password:\nDone.\n'])(
    'is shown if it does not look like a password: %j',
    (text) => expect(shown({ format: 'plain' }, [{ text, hold: 'record' }])).toBe(text.trimEnd()),
  )
})

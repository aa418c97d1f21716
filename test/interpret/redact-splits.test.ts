import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Hold } from '../../src/collect/assemble.ts'
import { Reader } from '../../src/collect/reader.ts'
import { createWorkspace } from '../../src/collect/workspace.ts'
import { createClassifier } from '../../src/interpret/classify.ts'
import { createInterpreter } from '../../src/interpret/interpret.ts'
import { loadFormats } from '../../src/interpret/load-formats.ts'
import type { SourceFile } from '../../src/model.ts'

const FORMATS = loadFormats([join(import.meta.dirname, '..', '..', 'rules')])
const KEY = 'MIIEowIBAAKCAQEAz7Sq9Xk3LwPq0VtYcJrUe5oGh1nDb8fZm2sQy4KxWvTi6Na'
const BODY = `${KEY}\n${KEY.toLowerCase()}\nabcDEF123456789=`

/** Secrets that stand on several lines; what must not be shown is between ⟦ and ⟧. */
const TEXTS: Readonly<Record<string, string>> = {
  'a quote that closes two lines on':
    '"AdminPassword" : "⟦Zq9Canaryseven\nmiddle-Canary7\nend-Canary8⟧",\n"user": "x"\n',
  'an assignment over lines': "+ PASSWORD='⟦Zq9Canaryseven\nmiddle-Canary7\nend-Canary8⟧'\n+ true\n",
  'a value below its key': '{\n"AdminPassword" :\n"⟦Zq9Canaryseven⟧"\n}\n',
  'a value below the bracket below its key': '{\n"AdminPassword":\n[\n"⟦Zq9Canaryseven⟧"\n]\n}\n',
  'a value below its quote': '{\n"AdminPassword": "\n⟦Zq9Canaryseven⟧\n"\n}\n',
  'a value below the quote below its key': '{\n"SecretString":\n"\n⟦Zq9Canaryseven⟧"\n}\n',
  'a value of another member':
    '{\n"Name": "DB_PASSWORD",\n"Type": "String",\n"Value": "⟦Zq9Canaryseven⟧"\n}\n',
  'a value in elements': '<AdministratorPassword>\n<Value>\n⟦Zq9Canaryseven⟧\n</Value>\n',
  'a private key': `-----BEGIN RSA PRIVATE KEY-----\n⟦${BODY}⟧\n-----END RSA PRIVATE KEY-----\nok\n`,
  'an encrypted key': `x: -----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AB\n\n⟦${BODY}⟧\n-----END RSA PRIVATE KEY-----\n`,
  'a key in a trace': `+ KEY='-----BEGIN PRIVATE KEY-----\n⟦${BODY}⟧\n-----END PRIVATE KEY-----'\n+ true\n`,
  'what a command reads': '+ chpasswd\njdoe:⟦Zq9Canaryseven⟧\nann:⟦Fj2Otherhorse⟧\n+ true\n',
  'a word for a command': '+ kinit Admin\n+ tr -d x\n+ echo ⟦Zq9Canaryseven⟧\n',
}

const empty = Buffer.alloc(0)
const fileOf = (format: string): SourceFile => ({
  ...{ identity: { cluster: '', owner: '', session: '', sessionUuid: '', host: '' }, profile: '', format },
  ...{ source: 'generic', fileId: '00', generation: 0, path: '/x.log', zone: 'UTC' },
})

type Piece = { readonly text: string; readonly hold: Hold }

/** What is shown of these pieces of a log, which come one after the other, each flushed as it says. */
function shown(format: string, pieces: readonly Piece[]): string {
  const interpret = createInterpreter({ formats: FORMATS, classifier: createClassifier([]) })
  const framing = FORMATS.get(format)?.framing
  if (framing === undefined) throw new Error(format)
  const reader = new Reader(
    fileOf(format),
    framing,
    { offset: 0, memory: { ts: 0, tsQuality: 0, windows: {} }, before: '', head: empty, guard: empty },
    { limits: { maxRecordBytes: 1 << 20 }, workspace: createWorkspace(64) },
  )
  const out: string[] = []
  for (const { text, hold } of [...pieces, { text: '', hold: 'nothing' as const }]) {
    const bytes = Buffer.from(text)
    bytes.copy(reader.room(bytes.length))
    const chunk = reader.take(bytes.length, hold, { mtimeMs: 0 })
    if (chunk === undefined) continue
    const { replaced, textBegin, textEnd } = interpret(chunk)
    for (let row = 0; row < chunk.count; row++) {
      out.push(replaced.get(row) ?? chunk.bytes.toString('utf8', textBegin[row], textEnd[row]))
    }
  }
  return out.join('\n')
}

/** Pieces of six characters of the secrets that the output shows. */
function leaks(output: string, marked: string): string[] {
  const secrets = [...marked.matchAll(/⟦([^⟧]*)⟧/g)].flatMap((secret) => (secret[1] ?? '').split('\n'))
  return secrets.flatMap((secret) =>
    Array.from({ length: Math.max(secret.length - 5, 0) }, (_, at) => secret.slice(at, at + 6)).filter(
      (piece) => output.includes(piece),
    ),
  )
}

const formats = fc.constantFrom(
  'plain',
  'bootstrap',
  'bash-xtrace',
  'cloud-init-output',
  'dcv',
  'generic',
  'pbs',
  'win-edh',
)
const hold = fc.constantFrom<Hold>('record', 'line', 'nothing')

it.each(Object.entries(TEXTS))('%s is masked, wherever it is cut and flushed', (_, marked) => {
  const text = marked.replace(/[⟦⟧]/g, '')
  const cuts = fc.array(fc.record({ at: fc.nat(text.length), hold }), { maxLength: 8 })
  fc.assert(
    fc.property(formats, cuts, fc.boolean(), (format, some, byLine) => {
      const lineEnds = byLine
        ? [...text.matchAll(/\n/g)].map(({ index }) => ({ at: index + 1, hold: 'line' as const }))
        : []
      const ends = [...some, ...lineEnds].sort((a, b) => a.at - b.at)
      const pieces = ends.map((end, i) => ({
        text: text.slice(ends[i - 1]?.at ?? 0, end.at),
        hold: end.hold,
      }))
      const rest = { text: text.slice(ends.at(-1)?.at ?? 0), hold: 'record' as const }
      const output = shown(format, [...pieces, rest])
      expect({ leaks: leaks(output, marked), output }).toEqual({ leaks: [], output })
    }),
    { numRuns: 100 },
  )
})

it('a line that is cut twice after a flushed one is known by the line above it', () => {
  const flushed = ['+ chpasswd', '\nj', 'doe:Zq9Canaryseven\n'].map((text) => ({
    text,
    hold: 'nothing' as const,
  }))
  expect(shown('dcv', flushed)).not.toContain('Zq9Canary')
})

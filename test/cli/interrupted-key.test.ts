import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'
import { readStore } from '../support/tiling.ts'

/** Each test runs the program several times. */
const TIMEOUT_MS = 240_000
const BODY = [
  'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAABFwAAAAdz',
  'QmFzZTY0Qm9keUxpbmVUd29XaXRoTWl4ZWRDYXNlMTIzNDU2Nzg5MEFCQ0RFRkdI',
]
const KEY = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'Proc-Type: 4,ENCRYPTED',
  ...BODY,
  '-----END RSA PRIVATE KEY-----',
  'ok',
]

/** A log, written in parts; the program reads it, and ends, after each. */
function ingestedInParts(file: string) {
  const root = join(tempDir(), 'root')
  const data = join(dirname(root), 'data')
  const path = join(root, file)
  mkdirSync(dirname(path), { recursive: true })
  const ingest = async () => {
    const { code, stderr } = await runProgram(['ingest', '--root', root, '--data', data])
    expect([code, stderr]).toEqual([0, ''])
  }
  return {
    async append(text: string): Promise<void> {
      appendFileSync(path, text)
      await ingest()
    },
    async rotate(text: string): Promise<void> {
      renameSync(path, `${path}.1`)
      writeFileSync(path, text)
      await ingest()
    },
    async messages(): Promise<string> {
      const { lines } = await readStore({ folder: join(data, 'store') })
      return lines.map(({ message }) => message).join('\n')
    },
  }
}

const LOGS = [
  ['/var/log/dcv/server.log', '2024-05-06 07:08:09,091234 [  12:12  ] INFO  agent - '],
  ['/var/log/cloud-init-output.log', ''],
] as const

describe.each(LOGS)(
  'a private key in %s, with %j before each line',
  { timeout: TIMEOUT_MS },
  (file, lead) => {
    const text = KEY.map((line) => `${lead}${line}\n`).join('')
    const [first, second] = BODY.map((line) => text.indexOf(line)) as [number, number]

    it('is not stored, wherever the program ends in it, or the log is rotated', async () => {
      const log = ingestedInParts(file)
      const ends = [lead.length + 10, first - 20, first + 20, second + 30, text.length]
      for (const [i, end] of ends.entries()) await log.append(text.slice(ends[i - 1] ?? 0, end))
      await log.append(text.slice(0, second - lead.length))
      await log.rotate(text.slice(second - lead.length))
      const messages = await log.messages()
      for (const line of BODY) {
        for (let at = 0; at + 8 <= line.length; at += 8)
          expect(messages).not.toContain(line.slice(at, at + 8))
      }
      expect(messages).toContain('ok')
    })
  },
)

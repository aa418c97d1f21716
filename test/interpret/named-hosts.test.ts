import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filesByHost } from '../../src/interpret/named-hosts.ts'
import { oneRecord } from '../../src/interpret/one-record.ts'
import type { FileMemory, RecordChunk, SourceFile } from '../../src/model.ts'
import { shippedFormat } from './format-head.ts'

const { hostOf } = shippedFormat('syslog')
const OWN = 'ip-10-0-0-1'

function fileOf(namesHosts: boolean): SourceFile {
  const { file } = oneRecord('', { source: 'messages', profile: 'host', format: 'syslog' })
  return { ...file, identity: { ...file.identity, host: OWN }, namesHosts }
}

function chunkOf(lines: readonly string[], file: SourceFile, memory: FileMemory): RecordChunk {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  const ends = lines.map((_, i) => Buffer.byteLength(lines.slice(0, i + 1).join('\n')))
  const begins = ends.map((_, i) => (i === 0 ? 0 : (ends[i - 1] ?? 0) + 1))
  return {
    ...oneRecord('', { source: 'messages', profile: 'host', format: 'syslog' }),
    ...{ file, bytes, memory, used: bytes.length, count: lines.length },
    begin: Int32Array.from(begins),
    end: Int32Array.from(ends),
  }
}

function hostsIn(lines: readonly string[], cuts: readonly number[], file: SourceFile): string[] {
  const memory: FileMemory = { ts: 0, tsQuality: 0, windows: {} }
  const bounds = [0, ...[...new Set(cuts)].sort((a, b) => a - b), lines.length]
  return bounds.slice(1).flatMap((to, i) => {
    // As a checkpoint keeps it.
    Object.assign(memory, JSON.parse(JSON.stringify(memory)))
    const part = lines.slice(bounds[i], to)
    const files = filesByHost(chunkOf(part, file, memory), hostOf)
    return part.map((_, row) => (files?.[row] ?? file).identity.host)
  })
}

const time = fc.constantFrom('Nov 28 13:07:57 ', '2026-11-28T13:07:57.123456+01:00 ', '<13>Nov 28 13:07:57 ')
const named = fc.constantFrom(OWN, 'ip-10-0-0-14', 'ip-10-0-0-2', 'ip-10-0-0-14.ec2.internal')
const other = fc.constantFrom('localhost', 'desk-7', 'ip-10-0-0-2x', 'ip-10-0-0')
const line = fc.record({ time, host: fc.option(fc.oneof(named, other), { nil: undefined }) })
const textOf = ({ time: at, host }: { readonly time: string; readonly host: string | undefined }) =>
  `${at}${host === undefined ? '' : `${host} `}kernel: seen by ip-10-0-0-2 and others`

describe('a system log of several hosts', () => {
  test('gives each line to the host that it names, or to that of the line before, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 30 }),
        fc.array(fc.nat(30), { maxLength: 4 }),
        (lines, cuts) => {
          let last = OWN
          const expected = lines.map(({ host }) => {
            const name = /^ip(?:-\d{1,3}){4}(?=$|\.)/.exec(host ?? '')?.[0]
            last = name ?? last
            return last
          })
          const within = cuts.filter((at) => at < lines.length)
          expect(hostsIn(lines.map(textOf), within, fileOf(true))).toEqual(expected)
        },
      ),
    )
  })

  test('is of its own host alone, if its path names that', () => {
    const lines = [OWN, 'ip-10-0-0-2'].map((host) => textOf({ time: 'Nov 28 13:07:57 ', host }))
    expect(filesByHost(chunkOf(lines, fileOf(false), { ts: 0, tsQuality: 0, windows: {} }), hostOf)).toBe(
      undefined,
    )
  })
})

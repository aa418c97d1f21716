import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { incomparable } from '../../src/cli/incomparable.ts'
import type { Io } from '../../src/cli/io.ts'
import { untouched, VerifyReport } from '../../src/cli/verify-report.ts'
import { systemClock } from '../../src/clock.ts'
import type { Checkpoint } from '../../src/collect/checkpoint.ts'
import { forgetfulFiles } from '../../src/collect/file-index.ts'
import { printOf } from '../../src/collect/fingerprint.ts'
import type { StoredFile } from '../../src/store/digest-query.ts'
import { tempDir } from '../support/temp-dir.ts'

const nothing = printOf(Buffer.alloc(0))

function checkpoint(path: string, generation: number, ino: number): Checkpoint {
  return {
    ...{ fileId: 'f', generation, path, base: path, firstPath: path, lastPath: path },
    ...{ dev: 1, ino, birthMs: 5, prefix: nothing, guard: nothing, reader: { offset: 7 } },
    memory: { ts: 0, tsQuality: 0, windows: {} },
  }
}

function reasons(all: readonly Checkpoint[], folders: readonly string[] = []): string[] {
  const known = forgetfulFiles()
  for (const one of all) known.note(one)
  const stored = all.map(
    ({ fileId, generation, path }) => ({ file_id: fileId, generation, file: path, rows: 1 }) as StoredFile,
  )
  const asked = { known, met: new Set<string>(), truncated: new Set<string>(), folders, isShared: false }
  return Array.from(incomparable(stored, asked), ({ reason }) => reason)
}

describe('why a stored file is not compared', () => {
  it('is that it lies in a bundle, as long as the bundle is there', () => {
    const bundle = join(tempDir(), 'logs.tgz')
    const members = [checkpoint(`${bundle}!/var/log/dcv/server.log`, 0, 1)]
    expect(reasons(members)).toEqual(['gone'])
    writeFileSync(bundle, '')
    expect(reasons(members)).toEqual(['bundle'])
    expect(reasons(members, [bundle])).toEqual(['bundle'])
  })

  it('is that its bytes were written over in place', () => {
    const path = join(tempDir(), 'server.log')
    writeFileSync(path, 'new\n')
    const { ino } = statSync(path)
    expect(reasons([checkpoint(path, 0, ino), checkpoint(path, 1, ino)])).toEqual(['earlier', 'elsewhere'])
  })
})

describe('a sum', () => {
  const summed = (...statuses: ('equal' | 'not_comparable' | 'not_stored')[]) => {
    let told = ''
    const io: Io = {
      ...{ out: (text) => (told += text), err: () => {}, drained: async () => {}, columns: 80, env: {} },
      ...{ outIsTerminal: false, errIsTerminal: false, stdin: Readable.from([]), clock: systemClock },
      signal: new AbortController().signal,
    }
    const report = new VerifyReport(io, false, '/data/refused')
    for (const status of statuses)
      report.add(untouched({ status, file: '/x', rows: 2, refused: 1, reason: 'gone' }))
    return { isEqual: report.end(1), told }
  }

  it('of nothing that could be compared is no success', () => {
    expect(summed('not_comparable', 'not_stored')).toMatchObject({ isEqual: false })
    expect(summed('not_comparable').told).toContain('nothing could be compared')
    expect(summed('equal').isEqual).toBe(true)
  })

  it('tells where rows lie that the store refused', () => {
    expect(summed('equal').told).toContain('  1 row refused by the store, set aside in /data/refused\n')
  })
})

import fs, { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Checkpoint } from '../../src/collect/checkpoint.ts'
import { openCheckpoints } from '../../src/collect/checkpoints.ts'
import { printOf } from '../../src/collect/fingerprint.ts'
import { tempDir } from '../support/temp-dir.ts'

function checkpoint(
  ino: number,
  offset: number,
  options: { generation?: number; fileId?: string } = {},
): Checkpoint {
  const path = `/var/log/dcv/agent.${ino}.log`
  return {
    fileId: options.fileId ?? `f${ino}`,
    generation: options.generation ?? 0,
    ...{ path, firstPath: path, base: path, lastPath: path, dev: 1, ino, birthMs: 5 },
    prefix: printOf(Buffer.from('head')),
    guard: printOf(Buffer.from(`guard ${offset}`)),
    reader: { offset },
    memory: { ts: offset, tsQuality: 1, windows: {} },
  }
}

const offsetOf = (folder: string, ino: number) => {
  const checkpoints = openCheckpoints(folder)
  checkpoints.close()
  return checkpoints.byInode(ino)[0]?.reader.offset
}

async function committed(...all: Checkpoint[]): Promise<{ folder: string; log: string }> {
  const folder = tempDir()
  const checkpoints = openCheckpoints(folder)
  for (const one of all) await checkpoints.commit([one], 0)
  checkpoints.close()
  return { folder, log: join(folder, 'checkpoints.log') }
}

describe('checkpoints', () => {
  it('are as they were committed, the furthest of each file', async () => {
    const { folder } = await committed(
      checkpoint(1, 10),
      checkpoint(2, 7),
      checkpoint(1, 30),
      checkpoint(1, 20),
    )
    const checkpoints = openCheckpoints(folder)
    expect(checkpoints.byInode(1)).toEqual([checkpoint(1, 30)])
    expect(checkpoints.byInode(2)).toEqual([checkpoint(2, 7)])
    expect(checkpoints.byInode(3)).toEqual([])
    expect([checkpoints.generationOf('f1'), checkpoints.generationOf('f3')]).toEqual([0, undefined])
    checkpoints.close()
  })

  it('of a later generation come first, whatever their offsets', async () => {
    const { folder } = await committed(
      checkpoint(1, 100),
      checkpoint(1, 3, { generation: 1 }),
      checkpoint(1, 200),
    )
    const checkpoints = openCheckpoints(folder)
    expect(checkpoints.byInode(1)).toEqual([checkpoint(1, 3, { generation: 1 }), checkpoint(1, 200)])
    expect(checkpoints.generationOf('f1')).toBe(1)
    checkpoints.close()
  })

  it('of files that had the same inode number stand side by side, newest first', async () => {
    const { folder } = await committed(checkpoint(1, 100, { fileId: 'a' }), checkpoint(1, 3, { fileId: 'b' }))
    const checkpoints = openCheckpoints(folder)
    expect(checkpoints.byInode(1).map(({ fileId }) => fileId)).toEqual(['b', 'a'])
    checkpoints.close()
  })

  it('R22: ignore a torn last line, however short, and go on', async () => {
    const { folder, log } = await committed(checkpoint(1, 10))
    const whole = readFileSync(log)
    const { log: other } = await committed(checkpoint(1, 20))
    const next = readFileSync(other)
    for (const size of [1, 8, 9, 30, next.length - 1]) {
      writeFileSync(log, Buffer.concat([whole, next.subarray(0, size)]))
      expect(offsetOf(folder, 1)).toBe(10)
    }
    appendFileSync(log, next.subarray(0, 30))
    const checkpoints = openCheckpoints(folder)
    await checkpoints.commit([checkpoint(2, 5)], 0)
    checkpoints.close()
    expect([offsetOf(folder, 1), offsetOf(folder, 2)]).toEqual([10, 5])
  })

  it('R22: with a damaged line in the middle are refused, and the line is named', async () => {
    const { folder, log } = await committed(checkpoint(1, 10), checkpoint(2, 20))
    const lines = readFileSync(log, 'utf8').split('\n')
    const damaged = [lines[0], lines[1]?.replace('"offset":20', '"offset":99'), ''].join('\n')
    for (const text of [damaged, `${lines[0]}\n\n${lines[1]}\n`, `garbage\n${lines[1]}\n`]) {
      writeFileSync(log, text)
      const line = text === damaged || text.includes('\n\n') ? 2 : 1
      expect(() => openCheckpoints(folder)).toThrow(
        expect.objectContaining({
          name: 'OpsError',
          code: 'E_CHECKPOINT_DAMAGED',
          message: expect.stringContaining(`${log}:${line}`),
        }),
      )
      expect(readFileSync(log, 'utf8')).toBe(text)
    }
  })

  it('that were only noted are known to this process and never reach the disk', async () => {
    const folder = tempDir()
    const checkpoints = openCheckpoints(folder)
    checkpoints.note(checkpoint(1, 50))
    await checkpoints.commit([checkpoint(1, 10), checkpoint(2, 1)], 0)
    expect(checkpoints.byInode(1)[0]?.reader.offset).toBe(50)
    checkpoints.close()
    expect(readFileSync(join(folder, 'checkpoints.log'), 'utf8')).not.toContain('"offset":50')
    expect(offsetOf(folder, 1)).toBe(10)
  })

  it('are written anew when their log has grown, and only what is committed stays', async () => {
    const folder = tempDir()
    const log = join(folder, 'checkpoints.log')
    const checkpoints = openCheckpoints(folder)
    checkpoints.note(checkpoint(1, 999_999))
    const sizes: number[] = []
    for (let offset = 1; offset <= 150; offset++) {
      await checkpoints.commit(
        Array.from({ length: 20 }, (_, ino) => checkpoint(ino, offset)),
        0,
      )
      sizes.push(statSync(log).size)
    }
    checkpoints.close()
    expect(Math.max(...sizes)).toBeLessThan(1024 * 1024)
    expect(sizes.some((size, i) => size < (sizes[i - 1] ?? 0))).toBe(true)
    expect(readFileSync(log, 'utf8')).not.toContain('999999')
    expect(Array.from({ length: 20 }, (_, ino) => offsetOf(folder, ino))).toEqual(Array(20).fill(150))
  })

  it('are whole when the system takes only a part of what is written at a time', async () => {
    const folder = tempDir()
    const checkpoints = openCheckpoints(folder)
    const write = fs.writeSync
    onTestFinished(() => {
      Object.assign(fs, { writeSync: write })
      syncBuiltinESMExports()
    })
    const some = (fd: number, data: string | Buffer, at?: number | null, length?: number) => {
      const bytes = Buffer.from(data)
      const from = typeof data === 'string' ? 0 : (at ?? 0)
      return write(fd, bytes, from, Math.min(100, length ?? bytes.length - from))
    }
    Object.assign(fs, { writeSync: some })
    syncBuiltinESMExports()
    await checkpoints.commit([checkpoint(1, 10)], 0)
    await checkpoints.commit([checkpoint(2, 20)], 0)
    checkpoints.close()
    expect([offsetOf(folder, 1), offsetOf(folder, 2)]).toEqual([10, 20])
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { built } from '../support/built.ts'
import { tempDir } from '../support/temp-dir.ts'

/** Runs the program with its stdout on a disk that is full. */
async function onFullDisk(args: readonly string[]) {
  const full = openSync('/dev/full', 'w')
  const child = spawn(process.execPath, [built('main.js'), ...args], { stdio: ['ignore', full, 'pipe'] })
  closeSync(full)
  const [stderr, [code]] = await Promise.all([
    text(child.stderr as NodeJS.ReadableStream),
    once(child, 'close'),
  ])
  return { code, stderr }
}

const NOT_WRITTEN = {
  code: 3,
  stderr: `dcvlens: the output could not be written: ENOSPC: no space left on device, write
  Make room where it goes, and run it again.
`,
}

function logWith(lines: number): string {
  const file = join(tempDir(), 'server.log')
  writeFileSync(file, '2026-03-04 05:06:07,1 [ 1:1 ] ERROR main - cannot open display\n'.repeat(lines))
  return file
}

describe('a full disk below stdout', () => {
  it('is told after the only thing that a command writes', async () => {
    expect(await onFullDisk(['rules', 'list'])).toEqual(NOT_WRITTEN)
    expect(await onFullDisk(['scan', logWith(1)])).toEqual(NOT_WRITTEN)
  })

  it('is told once, and ends a command that would write more', async () => {
    expect(await onFullDisk(['scan', '--json', '--all', logWith(200_000)])).toEqual(NOT_WRITTEN)
  })
})

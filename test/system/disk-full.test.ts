import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { tempDir } from '../support/temp-dir.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'main.js')

function sh(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  expect(status, `${command} ${args.join(' ')}: ${stderr}`).toBe(0)
}

function dcvlens(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })
}

it('a full disk is named, nothing is lost, and the next run on a larger one stores everything once', () => {
  const root = tempDir()
  const log = join(root, 'var/log/dcv/server.log')
  mkdirSync(join(log, '..'), { recursive: true })
  const lines = 200_000
  writeFileSync(
    log,
    Array.from(
      { length: lines },
      (_, i) => `2026-03-04 05:06:07,161016 [  3517:3517  ] INFO  main - line ${i} ${Math.sin(i)}\n`,
    ).join(''),
  )
  const disk = join(tempDir(), 'disk')
  mkdirSync(disk)
  sh('mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk)
  onTestFinished(() => sh('umount', disk))
  const data = join(disk, 'data')

  const full = dcvlens('ingest', '--root', root, '--data', data)
  expect(full.status, full.stderr).toBe(3)
  expect(full.stderr).toMatch(/^dcvlens: .*(?:full|No space left)/m)

  sh('mount', '-o', 'remount,size=256m', disk)
  const again = dcvlens('ingest', '--root', root, '--data', data)
  expect(again.status, again.stderr).toBe(0)
  const third = dcvlens('ingest', '--root', root, '--data', data, '--json')
  expect(JSON.parse(third.stdout)).toMatchObject({ lines: 0 })
  const last = dcvlens('search', `line ${lines - 1} `, '--data', data, '--json')
  expect(last.stdout.trim().split('\n')).toHaveLength(1)
}, 120_000)

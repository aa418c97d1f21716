import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { futureTime, pointInTime } from '../../src/cli/time-option.ts'
import { runProgram } from '../support/program.ts'
import { writeLog } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

const NOW = Date.parse('2026-11-28T12:00:00Z')
const inUtc = (text: string) => pointInTime('from', text, NOW, { utc: true })

describe('a time on the command line', () => {
  it('may be spelt as it is shown, or as ISO 8601, with seconds or without', () => {
    const [whole, minutes] = ['2026-11-28T07:46:05.000Z', '2026-11-28T07:46:00.000Z']
    expect(['2026-11-28 07:46:05', '2026-11-28T07:46:05', '2026-11-28T07:46:05Z'].map(inUtc)).toEqual(
      Array(3).fill(whole),
    )
    expect(['2026-11-28 07:46', '2026-11-28T07:46', '2026-11-28T02:46-05:00'].map(inUtc)).toEqual(
      Array(3).fill(minutes),
    )
    expect(inUtc('2026-11-28')).toBe('2026-11-28T00:00:00.000Z')
    expect(inUtc('2h')).toBe('2026-11-28T10:00:00.000Z')
    expect(futureTime('until', '2026-11-28 12:01', NOW, { utc: true })).toBe('2026-11-28T12:01:00.000Z')
  })

  it.each(['2026-02-30', '2026-11-28 25:00', '2026-11-28T', 'yesterday', '07:46', '2026-11-28 7:46'])(
    '%s is none',
    (text) => expect(() => inUtc(text)).toThrow(`--from ${text} is not a time`),
  )

  it('is in the zone of the times that are shown, and in UTC with --utc', async () => {
    const [root, data] = [tempDir(), tempDir()]
    writeLog(
      join(root, 'var/log/dcv/server.log'),
      '2026-11-28 08:00:00,000000 [ 1:1 ] INFO  main - a lamp is lit\n',
    )
    await runProgram(['ingest', '--root', root, '--data', data])
    const found = async (...args: string[]) =>
      (
        await runProgram(['search', 'lamp', '--data', data, ...args], { env: { TZ: 'America/New_York' } })
      ).stdout.slice(0, 19)
    const shown = await found()
    expect(shown).toBe('2026-11-28 03:00:00')
    expect(await found('--from', shown)).toBe(shown)
    expect(await found('--from', '2026-11-28T03:01')).toBe('')
    expect(await found('--from', '2026-11-28T03:01', '--utc')).toBe('2026-11-28 08:00:00')
    expect(await found('--from', '2026-11-28T08:00:00Z')).toBe(shown)
  })
})

import { describe, expect, it } from 'vitest'
import { lanesOf } from '../../../src/web/ui/lanes-layout.ts'
import { rowsBehind, storyRange } from '../../../src/web/ui/story-range.ts'
import { anEvent } from './an-event.ts'

const at = (clock: string) => Date.parse(`2026-01-05T${clock}Z`)
const RANGE = { fromMs: at('08:00:00'), toMs: at('08:10:00') }

describe('lanes', () => {
  it('are one per kind of log and host, the one that speaks first on top', () => {
    const rows = [
      anEvent('08:01:00', { source: 'web-ui', host: 'a' }),
      anEvent('08:02:00'),
      anEvent('08:03:00', { host: 'b' }),
      anEvent('08:04:00'),
    ]
    const { lanes } = lanesOf(rows, RANGE, 100)
    expect(lanes.map(({ source, host, lines }) => [source, host, lines])).toEqual([
      ['web-ui', 'a', 1],
      ['setup', 'ip-10-0-0-1', 2],
      ['setup', 'b', 1],
    ])
  })

  it('show the gravest of the lines that fall into one column, and count them', () => {
    const rows = [
      anEvent('08:05:00', { kind: 'signature', severity: 'warning' }),
      anEvent('08:05:01', { kind: 'signature', severity: 'critical' }),
      anEvent('08:05:02', { kind: 'milestone', severity: 'info' }),
    ]
    const [lane] = lanesOf(rows, RANGE, 10).lanes
    expect(lane?.marks).toEqual([{ column: 5, count: 3, look: 'critical', row: 1 }])
    expect(lane?.failures).toBe(1)
  })

  it('count a line once, however many rules match it, and what a rule says of several events as no line', () => {
    const failed = anEvent('08:05:00', { kind: 'signature', severity: 'error', rule_id: 'one' })
    const made = { event_id: 'made', length: 0, kind: 'signature', severity: 'critical' } as const
    const rows = [failed, { ...failed, rule_id: 'two' }, anEvent('08:05:00', made)]
    expect(lanesOf(rows, RANGE, 10).lanes[0]).toMatchObject({ lines: 1, failures: 2 })
  })

  it('say where the log gives no time', () => {
    const rows = ['08:02:30', '08:03:30', '08:07:30'].map((clock) => anEvent(clock, { ts_quality: 'mtime' }))
    expect(lanesOf(rows, RANGE, 10).lanes[0]?.inferred).toEqual([
      { from: 2, to: 3 },
      { from: 7, to: 7 },
    ])
  })

  it('show reboots and long silences, and nothing of what lies outside', () => {
    const rows = [
      anEvent('07:00:00'),
      anEvent('08:00:30'),
      anEvent('08:01:00', { kind: 'milestone', rule_id: 'milestone-reboot-begin' }),
      anEvent('08:09:00'),
      anEvent('09:00:00'),
    ]
    const { lanes, reboots, silences } = lanesOf(rows, RANGE, 10)
    expect(lanes[0]?.lines).toBe(3)
    expect(reboots).toEqual([{ column: 1, row: 2 }])
    expect(silences).toEqual([
      { fromMs: RANGE.fromMs, toMs: at('08:00:30') },
      { fromMs: at('08:01:00'), toMs: at('08:09:00') },
      { fromMs: at('08:09:00'), toMs: RANGE.toMs },
    ])
  })
})

describe('the axis of a desktop', () => {
  it('ends a little after its own last line, however long others write of it', () => {
    const others = { session: undefined, owner: undefined, host: 'controller' }
    const rows = [
      anEvent('08:00:00'),
      anEvent('08:20:00'),
      anEvent('08:25:00', others),
      anEvent('11:00:00', others),
    ]
    const range = storyRange(rows, {}, at('12:00:00'))
    expect(range).toEqual({ fromMs: at('08:00:00'), toMs: at('08:25:00') })
    expect(rowsBehind(rows, range)).toBe(1)
  })

  it('is what is zoomed to', () => {
    const zoom = { from: '2026-01-05T08:01:00Z', to: '2026-01-05T08:02:00Z' }
    expect(storyRange([anEvent('08:00:00')], zoom, 0)).toEqual({
      fromMs: at('08:01:00'),
      toMs: at('08:02:00'),
    })
  })

  it('is there for one line, too', () => {
    const { fromMs, toMs } = storyRange([anEvent('08:00:00')], {}, at('12:00:00'))
    expect(toMs).toBeGreaterThan(fromMs)
  })
})

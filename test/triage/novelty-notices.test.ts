import { describe, expect, it } from 'vitest'
import type { SeenRow } from '../../src/store/signature-query.ts'
import type { Happening } from '../../src/triage/novelty/evaluate.ts'
import { mergedTemplates } from '../../src/triage/novelty/merged-templates.ts'
import { noticesOf } from '../../src/triage/novelty/notices.ts'
import type { Signature } from '../../src/triage/novelty/signatures.ts'

function happening(id: string, over: Partial<Signature> = {}, what: Happening['what'] = 'new'): Happening {
  const signature: Signature = {
    id,
    ids: [id],
    title: `title of ${id}`,
    severity: 'error',
    firstSeen: '2026-01-10T08:15:00.000000Z',
    lastSeen: '2026-01-10T08:20:00.000000Z',
    example: '',
    examples: [],
    hosts: 1,
    profiles: [],
    desktops: ['ann/d1', 'bob/d2'],
    seen: {
      ...{ kind: 'template', firstMs: 0, lastMs: 0, count: 3, sessions: 2, failedSessions: 0 },
      ...{ explained: false, baseline: false, hours: [] },
    },
    state: { state: 'new', sinceMs: 7, countThen: 3, escalating: false },
    novel: true,
    rank: 0.5,
    ...over,
  }
  return { what, signature }
}

describe('notices', () => {
  it('are one for all that is new in one desktop, or in one hour', () => {
    const notices = noticesOf([
      happening('a', { desktops: ['ann/d1'] }),
      happening('b', { desktops: ['ann/d1'], rank: 0.9 }),
      happening('c'),
      happening('d'),
      happening('e', { firstSeen: '2026-01-10T09:00:00.000000Z' }),
    ])
    expect(
      notices.map(({ kind, session, signatures }) => [kind, session, signatures.map(({ id }) => id)]),
    ).toEqual([
      ['new', 'ann/d1', ['b', 'a']],
      ['new', undefined, ['c', 'd']],
      ['new', undefined, ['e']],
    ])
    expect(notices[0]?.title).toBe('New failure: title of b and 1 more')
  })

  it('are one for each that came back, grew or ended; none for what a rule explains by now', () => {
    const notices = noticesOf([
      happening('a', {}, 'regressed'),
      happening('b', {}, 'escalating'),
      happening('c', {}, 'resolved'),
      happening('d', {}, 'known'),
    ])
    expect(notices.map(({ kind }) => kind)).toEqual(['regressed', 'escalating', 'resolved'])
  })

  it('become a digest when they are many', () => {
    const flood = Array.from({ length: 40 }, (_, i) =>
      happening(`t${i}`, { desktops: [`u/d${i}`], rank: i / 40 }),
    )
    const [digest, ...others] = noticesOf(flood)
    expect(others).toEqual([])
    expect(digest).toMatchObject({ kind: 'digest' })
    expect(digest?.signatures.map(({ id }) => id).slice(0, 2)).toEqual(['t39', 't38'])
    expect(noticesOf(flood.slice(0, 10))).toHaveLength(10)
  })

  it('have the same key for the same thing', () => {
    const keys = () => noticesOf([happening('a'), happening('b', {}, 'regressed')]).map(({ key }) => key)
    expect(keys()).toEqual(keys())
    expect(new Set(keys()).size).toBe(2)
  })
})

describe('rows of one template', () => {
  const row = (template_id: string, example: string, first_seen = '2026-01-10T08:00:00Z'): SeenRow => ({
    ...{ kind: 'template', rule_id: '', template_id, severity: 'error', first_seen, last_seen: first_seen },
    ...{
      count: 1,
      sessions: 1,
      hosts: 1,
      desktops: [],
      profiles: [],
      examples: [example],
      source: 's',
      level: '',
    },
  })

  it('are joined by their examples, whatever ids their events were given', () => {
    const merged = mergedTemplates([
      row('ffff', 'pump 7 failed to start on host alpha'),
      row('0001', 'pump 9 failed to start on host alpha', '2026-02-01T00:00:00Z'),
      row('0002', 'the licence of the pump has expired'),
    ])
    expect(merged.map(({ id, ids, template }) => [id, ids, template]).sort()).toEqual([
      ['0001', ['0001', 'ffff'], 'pump <num> failed to start on host alpha'],
      ['0002', ['0002'], 'the licence of the pump has expired'],
    ])
  })
})

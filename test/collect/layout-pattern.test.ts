import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layoutSet } from '../../src/collect/layout.ts'
import { expandAlternatives, parsePattern } from '../../src/collect/layout-pattern.ts'

function setOf(...paths: readonly string[]) {
  const locations = paths.map((path) => {
    const parsed = parsePattern(path)
    if (!parsed.ok) throw new Error(parsed.message)
    return { source: path, format: 'plain', tail: 1, pattern: parsed.pattern }
  })
  return layoutSet([{ id: 'x', profile: 'x', since: [1], locations, never: [] }])
}

describe('the language of paths', () => {
  it('writes alternatives out, empty ones and ones with slashes too', () => {
    expect(expandAlternatives('(/C|/c|)/P/a(b|c).log')).toEqual([
      '/C/P/ab.log',
      '/C/P/ac.log',
      '/c/P/ab.log',
      '/c/P/ac.log',
      '/P/ab.log',
      '/P/ac.log',
    ])
    expect(expandAlternatives('/a')).toEqual(['/a'])
  })

  it.each(['/a(b', '/a)b', '/a|b', '/(a(b|c))', '(a|b)'.repeat(9)])('refuses the brackets of %s', (path) => {
    expect(expandAlternatives(path)).toBeTypeOf('string')
  })

  it.each([
    ['/a//b', 'empty'],
    ['/a/../b', '..'],
    ['/a/', 'empty'],
    ['/a/**', 'file name'],
    ['/**/a/**/b', 'only once'],
    ['/a**/b', 'whole folders'],
    ['/{who}/b', '{who} is none of cluster,'],
    ['/{owner/b', 'closed'],
    ['/a}/b', 'closed'],
    ['/{owner}/{owner}', 'twice'],
    ['/{owner}{session}.log', 'literal text'],
    ['/a*{session}.log', 'literal text'],
    ['/{session}*.log', 'literal text'],
  ])('refuses %s', (path, message) => {
    const parsed = parsePattern(path)
    expect(parsed.ok ? '' : parsed.message).toContain(message)
  })

  it('knows wildcards within a name and folders between', () => {
    const set = setOf('/a/x#-*.log', '/b/**/y.log')
    const source = (path: string) => set.place(path)?.placement.source
    expect(source('/a/x1-.log')).toBe('/a/x#-*.log')
    expect(source('/a/x1-a.b.log')).toBe('/a/x#-*.log')
    expect(source('/a/xa-b.log')).toBeUndefined()
    for (const path of ['/b/y.log', '/b/c/y.log', '/b/c/d/y.log'])
      expect(set.place(path, '/')?.path).toBe(path)
  })

  it('prefers the longer end, then the one that says more, then the first', () => {
    const set = setOf('/z/log/a.log', '/q/dcv/a.log', '/z/log/*.log', '/y/log/a.log')
    const source = (path: string) => set.place(path)?.placement.source
    expect(source('/tmp/dcv/a.log')).toBe('/q/dcv/a.log')
    expect(source('/tmp/log/a.log')).toBe('/z/log/a.log')
    expect(source('/tmp/y/log/a.log')).toBe('/y/log/a.log')
    expect(source('/tmp/log/b.log')).toBe('/z/log/*.log')
    const end = setOf('/a/*/{host}/x.log').place('/tmp/ip-1-2-3-4/x.log')
    expect(end?.placement.identity.host).toBe('ip-1-2-3-4')
    expect(setOf('/a/*/x.log', '/q/x.log').place('/tmp/q/x.log')?.placement.source).toBe('/q/x.log')
  })
})

const NAMES = ['cluster', 'owner', 'session', 'session_uuid', 'bootstrap_uuid', 'host', 'instance'] as const
const word = fc.stringMatching(/^[a-z]{1,6}$/)
const value = fc
  .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
  .filter((text) => !/[/]/.test(text) && text !== '.' && text !== '..')
const folders = fc.record({
  names: fc.shuffledSubarray([...NAMES], { minLength: 1 }),
  words: fc.array(word, { minLength: 8, maxLength: 8 }),
  values: fc.array(value, { minLength: 7, maxLength: 7 }),
  mixed: fc.boolean(),
})

describe('a path made from a pattern', () => {
  it('gives back the names it was made with, from its whole location and from a tree', () => {
    fc.assert(
      fc.property(
        folders,
        fc.constantFrom('', '/srv', '/srv/[a] {b}'),
        ({ names, words, values, mixed }, root) => {
          const segments = names.map((name, i) => (mixed ? `${words[i]}_{${name}}` : `{${name}}`))
          const uuids = names.map((name) => mixed && name.endsWith('_uuid'))
          const given = names.map((_, i) =>
            uuids[i] ? '1a5c3c4d-0b6e-4f2a-9d61-0a1b2c3d4e5f' : (values[i] ?? ''),
          )
          const parts = names.map((_, i) => (mixed ? `${words[i]}_${given[i]}` : (given[i] ?? '')))
          const name = `${words[7]}.log`
          const path = `/base/${parts.join('/')}/${name}`
          const place = setOf(`/base/${segments.join('/')}/${name}`).place(root + path, root)
          const of = (wanted: (typeof NAMES)[number]) => given[names.indexOf(wanted)] ?? ''
          expect(place).toEqual({
            placement: {
              identity: {
                cluster: of('cluster'),
                owner: of('owner'),
                session: of('session'),
                sessionUuid: of('session_uuid'),
                host: of('host'),
              },
              profile: 'x',
              source: `/base/${segments.join('/')}/${name}`,
              format: 'plain',
            },
            path,
            base: path,
            rotated: false,
          })
        },
      ),
      { numRuns: 500 },
    )
  })

  it('never fails on any path at all', () => {
    const set = setOf('/a/{owner}/b.{session}.log', '/a/**/{host}/x', 'y/*.log')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(undefined, '/', '/a'), (path, root) => {
        const place = set.place(path, root)
        expect(place === undefined || path.endsWith(place.path)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

import { expect, test } from 'vitest'
import type { SignatureDetails } from '../../../src/store/alert-query.ts'
import { spanText, whereOf } from '../../../src/triage/alerts/observe/signature-notes.ts'

const NOWHERE = { clusters: [], session_names: [], host_names: [] } as unknown as SignatureDetails

test('where something failed is told by a few names of each kind, and left out where none is known', () => {
  expect(whereOf([NOWHERE])).toEqual({})
  const session_names = ['f/1', 'e/1', 'd/1', 'c/1', 'b/1', 'a/1', 'a/1']
  expect(whereOf([NOWHERE, { ...NOWHERE, clusters: ['soca-lab'], session_names }])).toEqual({
    where: 'cluster soca-lab; desktop a/1, b/1, c/1, d/1, e/1 and 1 more',
  })
})

test('when something was seen is one moment where its first and last are of one second', () => {
  expect(spanText(1_000, 1_999)).toBe('at 1970-01-01T00:00:01Z')
  expect(spanText(1_000, 2_000)).toBe('from 1970-01-01T00:00:01Z to 1970-01-01T00:00:02Z')
})

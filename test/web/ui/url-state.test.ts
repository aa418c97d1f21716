import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pathParts, readQuery, sessionPath, withChange, writeQuery } from '../../../src/web/ui/url-state.ts'

describe('the address', () => {
  it('keeps what is written to it', () => {
    const value = fc.string({ minLength: 1, unit: 'grapheme' })
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), value), (query) => {
        expect({ ...readQuery(writeQuery(query)) }).toEqual({ ...query })
      }),
    )
  })

  it('is the same for the same view', () => {
    expect(writeQuery({ to: '2', from: '1' })).toBe(writeQuery({ from: '1', to: '2' }))
    expect(writeQuery({ text: '' })).toBe('')
  })

  it('loses a key that is changed to nothing', () => {
    expect(withChange({ a: '1', b: '2' }, { a: undefined, b: '', c: '3' })).toEqual({ c: '3' })
  })

  it('leads to a desktop whatever its name is', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' })
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z.]+$/), name, (owner, session) => {
        fc.pre(owner !== '.' && owner !== '..')
        const [place, ...parts] = pathParts(sessionPath(`${owner}/${session}`))
        expect([place, parts.join('/')]).toEqual(['sessions', `${owner}/${session}`])
      }),
    )
  })

  it('stands for itself where it does not decode', () => {
    expect(pathParts('/sessions/%E0%A4%A/x')).toEqual(['sessions', '%E0%A4%A', 'x'])
  })
})

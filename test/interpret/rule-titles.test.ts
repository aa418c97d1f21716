import { describe, expect, test } from 'vitest'
import { allRules } from '../../src/interpret/all-rules.ts'
import { loadRules } from '../../src/interpret/load-rules.ts'
import { titleWith } from '../../src/interpret/rule-description.ts'

const filled = (titlePattern: string, captures: Record<string, string> = {}) =>
  titleWith({ titlePattern }, captures)

describe('a title with placeholders', () => {
  test('has its values where they are known', () => {
    expect(filled('Windows refused a step: {code}', { code: '0x80070005' })).toBe(
      'Windows refused a step: 0x80070005',
    )
    expect(filled('No answer ({status})', { status: '502' })).toBe('No answer (502)')
  })

  test('reads well where none is known', () => {
    expect(filled('Windows refused a step: {code}')).toBe('Windows refused a step')
    expect(filled('The host ({host}) gives no answer ({status})', { host: 'a' })).toBe(
      'The host (a) gives no answer',
    )
    expect(filled('Of {first} nothing is left')).toBe('Of … nothing is left')
  })

  test('keeps a value that looks like a placeholder', () => {
    expect(filled('Stopped: {why}', { why: '{status} (x)' })).toBe('Stopped: {status} (x)')
  })

  test('is whole without captures, for every rule of ours', () => {
    const titles = allRules(loadRules(['rules'])).map(({ title }) => title)
    expect(titles.filter((title) => /[{}…]/.test(title))).toEqual([])
  })
})

import { expect, test } from 'vitest'
import { timelineText } from '../../src/cli/timeline-text.ts'
import { systemClock } from '../../src/clock.ts'
import { programIo } from '../support/program-io.ts'
import { log, type Said } from '../triage/told-story.ts'

/** The lines that are shown of a log, without the times and places of its events. */
function shown(said: Said[], minutes: number[]): string[] {
  const { events } = log('setup', said, { minutes })
  const lines = timelineText(events, true, programIo(systemClock)).trimEnd().split('\n')
  return lines.map((line) => /(?:── \w+|… .*|(?:milestone|realm)-[\w-]+)/.exec(line)?.[0] ?? line)
}

test('phases are headings, and a long silence is told', () => {
  expect(shown(['milestone-setup-begin', 'milestone-identity-begin'], [0, 25])).toEqual([
    '── setup',
    'milestone-setup-begin',
    '… 25 min without an event',
    '── identity',
    'milestone-identity-begin',
  ])
})

test('what repeats itself is shown once and counted', () => {
  const again: Said[] = ['realm-join-error', 'realm-join-retry']
  expect(shown([...again, ...again, ...again, 'milestone-identity-done'], [0, 0, 3, 3, 6, 6, 7])).toEqual([
    'realm-join-error',
    'realm-join-retry',
    '… 4 more lines like those above until 2026-05-04 10:06:00',
    '── identity',
    'milestone-identity-done',
  ])
})

test('a desktop that is set up once more is told so', () => {
  const found = shown(
    [
      'milestone-session-begin',
      'session-create-exit-code',
      'milestone-session-begin',
      'milestone-session-created',
    ],
    [0, 0, 0, 0],
  )
  expect(found.filter((line) => line === 'milestone-session-begin')).toHaveLength(2)
  expect(found.join()).not.toContain('more')
})

test('what one rule says in other words is no repeat', () => {
  const said = (message: string): Said => ({ rule: 'milestone-session-begin', message })
  const found = shown(
    [said('Start X'), said('Launching DCV session 1'), said('Launching DCV session 2')],
    [0, 1, 2],
  )
  expect(found.filter((line) => line === 'milestone-session-begin')).toHaveLength(2)
  expect(found.at(-1)).toBe('… the same 1 more time until 2026-05-04 10:02:00')
})

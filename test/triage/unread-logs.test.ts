import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { withUnread } from '../../src/triage/diagnosis/outside/unread-logs.ts'
import { ANN, NEW } from './told-desktop.ts'
import { diagnosed, log, type Said } from './told-story.ts'

const SETUP: Said[] = ['milestone-setup-begin', 'milestone-identity-done', 'milestone-reboot-begin']

function beside(said: readonly Said[], name: string) {
  const told = log('setup', said, { ...ANN, ...NEW, minutes: said.map((_, index) => index) })
  const [one] = diagnosed([told])
  if (one === undefined) throw new Error('no desktop')
  const file = `${dirname(told.facts.file)}/${name}`
  return withUnread(one, [told.facts], [{ file, reason: 'EACCES: permission denied' }])
}

test('a desktop whose log stops beside one that cannot be read is not known to hang', () => {
  const found = beside(SETUP, '03_setup_post_reboot.log')
  expect([found.status, found.verdict, found.waits_for]).toEqual(['unknown', undefined, undefined])
  expect(found.phases.find(({ phase }) => phase === 'reboot')?.state).toBe('not_checked')
  expect(found.evidence_incomplete).toBe(true)
  expect(found.not_checked[0]).toEqual({
    source: expect.stringMatching(/\/03_setup_post_reboot\.log$/),
    reason: 'it could not be read: EACCES: permission denied',
  })
})

test('what is written down as failed has failed, whatever cannot be read; another folder says nothing', () => {
  expect(beside([...SETUP.slice(0, 1), 'disk-full'], 'x.log')).toMatchObject({
    status: 'failed',
    evidence_incomplete: true,
  })
  const hung = beside(['milestone-setup-begin', 'nfs-server-silent'], 'x.log')
  expect(hung).toMatchObject({ status: 'stalled', verdict: { rule_id: 'nfs-server-silent' } })
  expect(beside(SETUP, '../other/x.log')).toMatchObject({ status: 'stalled', evidence_incomplete: false })
})

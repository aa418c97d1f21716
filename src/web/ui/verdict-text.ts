import type { Status } from '../../triage/diagnosis/status.ts'
import type { SessionItem } from './answers.ts'
import { counted, PHASE_TITLES, STATUS_WORDS } from './words.ts'

/** The verdict in words, or what is known instead. */
export function verdictOf({ verdict_title, status, phase, last_rule_id }: SessionItem): string {
  if (verdict_title !== undefined && verdict_title !== '') return verdict_title
  if (status === 'failed' || status === 'stalled') return last_rule_id
  if (status === 'in_progress' && phase !== '') return `At ${PHASE_TITLES[phase] ?? phase}`
  return ''
}

/** A title and a sentence for a desktop without a verdict. `errors` is the number of its own lines that are errors. */
export function withoutVerdict(status: Status, errors: number): readonly [title: string, text: string] {
  const so = `${counted(errors, 'error')} so far, none known to stop it`
  switch (status) {
    case 'in_progress':
      return errors === 0
        ? ['This desktop is starting', 'Nothing has gone wrong so far. This page updates itself.']
        : [`Starting; ${so}`, 'This page updates itself.']
    case 'ready':
      return [
        'This desktop is ready',
        errors === 0
          ? 'Every phase in its logs went well.'
          : `It came up with ${counted(errors, 'error')} that did not stop it.`,
      ]
    case 'stopped':
      return [
        'This desktop was stopped',
        'Its last state in the portal is stopped; nothing is wrong with that.',
      ]
    case 'unknown':
      return [
        'Too little is known about this desktop',
        'None of its logs shows how far it came. See below what was not checked.',
      ]
    case 'failed':
    case 'stalled':
      return [STATUS_WORDS[status].title, '']
  }
}

import type { SessionItem } from './answers.ts'
import { PHASE_TITLES } from './words.ts'

/** The verdict in words, or what there is instead of one. */
export function verdictOf({ verdict_title, status, phase, last_rule_id }: SessionItem): string {
  if (verdict_title !== undefined && verdict_title !== '') return verdict_title
  if (status === 'failed' || status === 'stalled') return last_rule_id
  if (status === 'in_progress' && phase !== '') return `At ${PHASE_TITLES[phase] ?? phase}`
  return ''
}

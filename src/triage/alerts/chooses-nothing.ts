import { SEVERITIES } from '../../model.ts'
import { type Matcher, matches } from './matchers.ts'

/** Examples of rule ids. A matcher that matches all of them does not exclude any on purpose. */
const ANY_NAMES = ['a', 'zz', 'q7', '7x-9', 'new-failure', 'my-own-rule-12', 'x'.repeat(60)]

/**
 * Does a matcher match every alert? Either it matches a missing label, or every value that the label can have (every alert
 * has a name and a severity). A silence of only such matchers would silence everything.
 */
export function choosesNothing(matcher: Matcher, alertnames: readonly string[]): boolean {
  const holds = (value: string) => matches(matcher, value)
  if (holds('')) return true
  if (matcher.name === 'severity') return SEVERITIES.every(holds)
  if (matcher.name !== 'alertname') return false
  return ANY_NAMES.every(holds) || (alertnames.length > 0 && alertnames.every(holds))
}

import { SEVERITIES } from '../../model.ts'
import { type Matcher, matches } from './matchers.ts'

/** Ids of rules as they may be called anywhere: what matches all of these leaves none out on purpose. */
const ANY_NAMES = ['a', 'zz', 'q7', '7x-9', 'new-failure', 'my-own-rule-12', 'x'.repeat(60)]

/**
 * Does a matcher leave no alert out? Either it holds where its label is not there, or for each value that the label can have:
 * every alert has a name and a severity. A silence of such matchers alone would silence everything.
 */
export function choosesNothing(matcher: Matcher, alertnames: readonly string[]): boolean {
  const holds = (value: string) => matches(matcher, value)
  if (holds('')) return true
  if (matcher.name === 'severity') return SEVERITIES.every(holds)
  if (matcher.name !== 'alertname') return false
  return ANY_NAMES.every(holds) || (alertnames.length > 0 && alertnames.every(holds))
}

import { durationText } from '../../../duration.ts'
import { tellingLine } from '../../../interpret/template/telling-line.ts'
import { worstFirst } from '../../../severity.ts'
import type { SignatureDetails } from '../../../store/alert-query.ts'
import { lineOf, plural, spanText, whereOf } from './notice-words.ts'
import type { Observation } from './world.ts'

/** This many of the signatures in a digest are shown with an example line. */
const SHOWN = 5

type Digest = { readonly recent: number; readonly digest_over: number }

/**
 * Makes an observation of each signature. Of more than `digest_over`, the rest become a single observation, which comes
 * first.
 */
export function digested(
  found: readonly SignatureDetails[],
  { recent, digest_over }: Digest,
  observation: (details: SignatureDetails) => Observation,
): Observation[] {
  const each = found.slice(0, digest_over).map(observation)
  const rest = found.slice(digest_over)
  return rest.length === 0 ? each : [digestOf(rest, { recent, digest_over }), ...each]
}

function digestOf(rest: readonly SignatureDetails[], { recent, digest_over }: Digest): Observation {
  const events = rest.reduce((sum, { count }) => sum + count, 0)
  const worst = rest
    .map(({ severity }) => severity)
    .sort(worstFirst)
    .at(0)
  const first = Math.min(...rest.map(({ first_ms }) => first_ms))
  const last = Math.max(...rest.map(({ last_ms }) => last_ms))
  const largest = rest.toSorted((a, b) => b.count - a.count).slice(0, SHOWN)
  return {
    labels: { digest: 'new-signatures' },
    ...(worst === undefined ? {} : { severity: worst }),
    value: rest.length,
    notes: {
      summary: `Flood of new failures: ${rest.length} more than the first ${digest_over} within ${durationText(recent)}`,
      description: `${plural(events, 'event')}, ${spanText(first, last)}. The most frequent: ${largest.map(({ count, example }) => `${count} × ${lineOf(tellingLine(example)).slice(0, 100)}`).join('; ')}.`,
      ...whereOf(rest),
      count: String(events),
      remedy: [
        'See all of them: dcvlens signatures --state new.',
        'Look for one cause: a change, a full disk, a service that is away.',
      ].join('\n'),
      example: lineOf(largest[0]?.example ?? ''),
      example_file: largest[0]?.example_file ?? '',
      event_id: largest[0]?.event_id ?? '',
    },
  }
}

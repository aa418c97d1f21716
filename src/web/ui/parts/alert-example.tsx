import type { EventJson } from '../../../event-json.ts'
import { visible } from '../../../triage/visible.ts'
import type { AlertItem, Items } from '../answers.ts'
import { endsOf } from '../ends-of-text.ts'
import { useAnswer } from '../use-answer.ts'

/** Shorter examples are whole lines. */
const CUT_AT = 300
const MOST_CHARS = 1200

/** A line that the alert is about, with its own newlines; a long one is reduced to its beginning and end. */
export function AlertExample({ annotations }: { readonly annotations: AlertItem['annotations'] }) {
  const { example, event_id } = annotations
  const isCut = example !== undefined && example.length >= CUT_AT && event_id !== undefined
  const whole = useAnswer<Items<EventJson>>(
    isCut ? 'lines' : undefined,
    { event_id, before: 0, after: 0 },
    { everyMs: 0 },
  )
  if (example === undefined) return null
  const text = whole.data?.items[0]?.message ?? example
  return (
    <pre class="alert-example">
      <bdi>{visible(endsOf(text)).slice(0, MOST_CHARS)}</bdi>
    </pre>
  )
}

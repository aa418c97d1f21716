import { useState } from 'preact/hooks'
import type { EventJson } from '../../../event-json.ts'
import type { SignatureDetail } from '../answers.ts'
import { nowMs } from '../clock.ts'
import { exampleGroups } from '../example-groups.ts'
import { fixedParts } from '../fixed-parts.ts'
import { sourceTitle } from '../source-titles.ts'
import { localText } from '../time-text.ts'
import { oneLine } from '../visible-text.ts'
import { Card } from './card.tsx'
import { EventPanel } from './event-panel.tsx'

/** Some lines of a signature; the parts that differ, or that its template leaves open, are marked. */
export function SignatureExamples({ signature }: { readonly signature: SignatureDetail }) {
  const [open, setOpen] = useState<EventJson>()
  const { examples, title, kind } = signature
  if (examples.length === 0) return null
  return (
    <Card title="Examples" aside={<span class="dim">what varies is marked</span>}>
      <ol class="neighbours">
        {exampleGroups(examples).map(({ event, count }) => (
          <li key={`${event.event_id}:${event.rule_id ?? ''}`}>
            <button type="button" class="neighbour example" onClick={() => setOpen(event)}>
              {count > 1 && <span class="example-count">{count}×</span>}
              <span class="dim">{localText(event.ts, nowMs())} </span>
              <span class="dim">
                {event.session === undefined
                  ? sourceTitle(event.source)
                  : `${event.owner ?? ''}/${event.session}`}{' '}
              </span>
              <bdi>
                <Varying
                  text={oneLine(event.message, 400)}
                  template={kind === 'template' ? title : undefined}
                  event={event}
                />
              </bdi>
            </button>
          </li>
        ))}
      </ol>
      {open !== undefined && <EventPanel event={open} onOpen={setOpen} onClose={() => setOpen(undefined)} />}
    </Card>
  )
}

function Varying({
  text,
  template,
  event,
}: {
  readonly text: string
  readonly template: string | undefined
  readonly event: EventJson
}) {
  const parts = fixedParts(text, template, Object.values(event.captures ?? {}))
  return <>{parts.map((part) => (part.isHit ? <span class="variable">{part.text}</span> : part.text))}</>
}

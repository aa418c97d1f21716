import type { UnassignedJson } from '../../../triage/unassigned.ts'
import type { Items } from '../answers.ts'
import { useAnswer } from '../use-answer.ts'
import { oneLine } from '../visible-text.ts'
import { Card } from './card.tsx'
import { Name } from './name.tsx'
import { TimesSeen } from './times-seen.tsx'

const SHOWN = 6
const MOST = 200
/** It looks at what all machines wrote, so it is not asked for as often as the rest. */
const EVERY_MS = 60_000

/** Failures of the machines that serve all desktops, which name no known desktop; nothing if there are none. */
export function Unassigned({ from, to }: { readonly from: string; readonly to: string | undefined }) {
  const { data } = useAnswer<Items<UnassignedJson>>('unassigned', { from, to }, { everyMs: EVERY_MS })
  if (data === undefined || data.items.length === 0) return null
  const rest = data.items.length - SHOWN
  return (
    <Card title="Failures that name no desktop">
      <ul class="common">
        {data.items.slice(0, SHOWN).map(({ cluster, source, rule_id, title, count, last, last_seen }) => (
          <li key={`${cluster}:${source}:${rule_id}:${last.event_id}`}>
            <span class="common-what" title={last.file}>
              <span class="dim">
                <Name of={cluster || source} />
              </span>{' '}
              <a href={`/signatures/${encodeURIComponent(rule_id || (last.template_id ?? ''))}`}>
                {rule_id === '' ? <bdi class="mono">{oneLine(last.message, MOST)}</bdi> : title}
              </a>
            </span>
            <TimesSeen count={count} last={last_seen} />
          </li>
        ))}
      </ul>
      {rest > 0 && <p class="dim">and {rest} more</p>}
    </Card>
  )
}

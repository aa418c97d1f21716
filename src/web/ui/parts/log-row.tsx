import type { EventJson } from '../../../event-json.ts'
import { nowMs } from '../clock.ts'
import { lookOf } from '../lanes-layout.ts'
import { sourceTitle } from '../source-titles.ts'
import { localText, utcText } from '../time-text.ts'
import { oneLine } from '../visible-text.ts'
import { Icon } from './icon.tsx'
import { Hits } from './log-text.tsx'
import { Name } from './name.tsx'

/** At most this much of a record is shown in its row, characters. */
const ROW_TEXT = 400

const LOOKS: Readonly<Record<string, { readonly icon: string; readonly title: string }>> = {
  critical: { icon: 'cross', title: 'critical' },
  error: { icon: 'error', title: 'error' },
  warning: { icon: 'warning', title: 'warning' },
  milestone: { icon: 'flag', title: 'milestone' },
  info: { icon: 'dot', title: 'known' },
  line: { icon: '', title: '' },
}

type LogRowProps = {
  readonly event: EventJson
  readonly id: string
  /** Which row of how many it is, from 1. */
  readonly place: number
  readonly count: number
  readonly isSelected: boolean
  readonly isEvidence: boolean
  /** Shows the desktop instead of the kind of log, if it is known. */
  readonly hasSession: boolean
  /** Text to highlight. */
  readonly hit: string
}

/** One record as one row: time, source, severity, text, and the rule that matches it. */
export function LogRow(props: LogRowProps) {
  const { event, id, place, count, isSelected, isEvidence, hasSession, hit } = props
  const look = lookOf(event)
  const { icon = '', title = '' } = LOOKS[look] ?? {}
  return (
    <div
      role="option"
      tabIndex={-1}
      data-row={place - 1}
      id={id}
      class={`log-row look-${look} ${isEvidence ? 'is-evidence' : ''}`}
      aria-selected={isSelected}
      aria-posinset={place}
      aria-setsize={count}
    >
      <time class="log-time" dateTime={event.ts} title={utcText(event.ts)}>
        <span class="log-tilde">{event.ts_quality === 'parsed' ? '' : '~'}</span>
        {localText(event.ts, nowMs())}
      </time>
      <span class="log-look">
        {icon !== '' && <Icon name={icon} size={13} />}
        {title !== '' && <span class="visually-hidden">{title}</span>}
      </span>
      <span class="log-source" title={event.source}>
        <Name of={(hasSession ? desktopOf(event) : undefined) ?? sourceTitle(event.source)} />
      </span>
      <span class="log-message">
        <bdi>
          <Hits text={oneLine(event.message, ROW_TEXT)} hit={hit} />
        </bdi>
      </span>
      <Tags event={event} isEvidence={isEvidence} />
    </div>
  )
}

function desktopOf({ owner = '', session }: EventJson): string | undefined {
  return session === undefined ? undefined : `${owner}/${session}`
}

/** Whether it is evidence, and which rule matches it. */
function Tags({ event, isEvidence }: { readonly event: EventJson; readonly isEvidence: boolean }) {
  return (
    <>
      {isEvidence && <span class="log-rule log-cause">evidence</span>}
      {event.rule_id !== undefined && <span class="log-rule">{event.rule_id}</span>}
      {event.kind === 'unknown' && <span class="log-rule log-unknown">no rule</span>}
    </>
  )
}

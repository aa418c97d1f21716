import type { EventJson } from '../../../event-json.ts'
import type { Items, RuleDetail } from '../answers.ts'
import { captureTitle } from '../capture-title.ts'
import { nowMs } from '../clock.ts'
import { localText, utcText } from '../time-text.ts'
import { sessionPath } from '../url-state.ts'
import { useAnswer } from '../use-answer.ts'
import { useHeldPlace } from '../use-held-place.ts'
import { oneLine } from '../visible-text.ts'
import { PHASE_TITLES, SEVERITY_WORDS, TIME_QUALITY_TITLES, wordOf } from '../words.ts'
import { CopyButton } from './copy-button.tsx'
import { Elsewhere } from './elsewhere.tsx'
import { Fact } from './fact.tsx'
import { Icon } from './icon.tsx'
import { LogText } from './log-text.tsx'
import { Name } from './name.tsx'
import { WordTag } from './word-tag.tsx'

/** Everything about one event: its text, the rule that matches it, its place, its neighbours, and where else it happens. */
export function EventPanel({
  event,
  hit = '',
  onOpen,
  onClose,
}: {
  readonly event: EventJson
  readonly hit?: string
  onOpen(event: EventJson): void
  onClose(): void
}) {
  useHeldPlace()
  const around = useAnswer<Items<EventJson>>(
    'lines',
    { event_id: lineIdOf(event), at: event.ts, before: 8, after: 8 },
    { everyMs: 0 },
  )
  const rows = around.data?.items ?? []
  return (
    <aside class="panel" aria-label="one line in detail">
      <header class="panel-head">
        <h2>
          <Title event={event} />
        </h2>
        <button type="button" class="button button-quiet" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="panel-body">
        <Tags event={event} />
        <LogText text={event.message} hit={hit} />
        <Facts event={event} line={rows.find(({ event_id }) => event_id === lineIdOf(event))?.line} />
        {(around.error === undefined || rows.length > 0) && (
          <Neighbours event={event} rows={rows} onOpen={onOpen} />
        )}
        {event.rule_id !== undefined && event.kind !== 'milestone' && <Elsewhere event={event} />}
      </div>
    </aside>
  )
}

/** The title of its rule; the rule's id until that is known. */
function Title({ event: { kind, rule_id } }: { readonly event: EventJson }) {
  const rule = useAnswer<RuleDetail>(
    rule_id === undefined ? undefined : `rules/${encodeURIComponent(rule_id)}`,
    {},
    { everyMs: 0 },
  )
  if (kind === 'line') return <>Line</>
  if (kind === 'unknown' && rule_id === undefined) return <>Failure that no rule explains</>
  return <>{rule.data?.title ?? rule_id}</>
}

function Tags({ event }: { readonly event: EventJson }) {
  const { rule_id, template_id, severity, phase } = event
  return (
    <p class="verdict-tags">
      {severity !== undefined && <WordTag word={wordOf(SEVERITY_WORDS, severity)} />}
      {phase !== undefined && <span class="tag">phase {PHASE_TITLES[phase]}</span>}
      {event.level !== undefined && <span class="tag">level {event.level}</span>}
      {rule_id !== undefined && (
        <a class="tag tag-link" href={`/rules/${encodeURIComponent(rule_id)}`}>
          <Icon name="book" size={13} /> rule
        </a>
      )}
      {template_id !== undefined && (
        <a class="tag tag-link" href={`/signatures/${encodeURIComponent(template_id)}`}>
          <Icon name="signatures" size={13} /> signature
        </a>
      )}
    </p>
  )
}

function Facts({ event, line }: { readonly event: EventJson; readonly line: number | undefined }) {
  const place = `${event.file}${line === undefined ? '' : `:${line}`}, byte ${event.offset}`
  const session = event.session === undefined ? undefined : `${event.owner ?? ''}/${event.session}`
  return (
    <dl class="facts">
      <Fact title="Time">
        <Times event={event} />
      </Fact>
      {session !== undefined && (
        <Fact title="Desktop">
          <a href={sessionPath(session)}>
            <Name of={session} />
          </a>
        </Fact>
      )}
      {event.host !== undefined && (
        <Fact title="Host">
          <Name of={event.host} />
        </Fact>
      )}
      <Fact title="File" class="facts-file">
        <code>
          <Name of={place} />
        </code>
        <CopyButton
          text={showCommand(event)}
          title="Copy a command that shows it on its machine"
          label="Copy command"
        />
      </Fact>
      {Object.entries(event.captures ?? {}).map(([name, value]) => (
        <Fact key={name} title={captureTitle(name)}>
          <code>
            <bdi>{oneLine(value, 300)}</bdi>
          </code>
        </Fact>
      ))}
    </dl>
  )
}

/** When it was written, here and in UTC, how that is known, and when it was over. */
function Times({ event: { ts, ts_quality, cleared_at } }: { readonly event: EventJson }) {
  return (
    <>
      {localText(ts, nowMs())} <span class="dim">· {utcText(ts)}</span>
      {cleared_at !== undefined && <div class="dim">over at {localText(cleared_at, nowMs())}</div>}
      {ts_quality !== 'parsed' && <div class="dim">~ {TIME_QUALITY_TITLES[ts_quality]}</div>}
    </>
  )
}

/** The command that shows the record in its file. */
function showCommand({ file, offset, length }: EventJson): string {
  return `tail -c +${offset + 1} '${file.replaceAll("'", String.raw`'\''`)}' | head -c ${length}`
}

/** The id of the line to show: for a conclusion from several events, the last of them. */
function lineIdOf({ event_id, because }: EventJson): string {
  return because?.at(-1) ?? event_id
}

/** The neighbours of the record in its file. */
function Neighbours({
  event,
  rows,
  onOpen,
}: {
  readonly event: EventJson
  readonly rows: readonly EventJson[]
  onOpen(event: EventJson): void
}) {
  return (
    <>
      <h3>Around it in its file</h3>
      <ol class="neighbours">
        {rows.map((row) => (
          <li key={`${row.event_id}:${row.rule_id ?? ''}`}>
            <button
              type="button"
              class={`neighbour ${row.event_id === lineIdOf(event) ? 'is-here' : ''}`}
              aria-current={row.event_id === lineIdOf(event)}
              onClick={() => onOpen(row)}
            >
              <bdi>{oneLine(row.message, 200)}</bdi>
            </button>
          </li>
        ))}
      </ol>
    </>
  )
}

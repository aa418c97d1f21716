import { useEffect, useRef } from 'preact/hooks'
import type { Overview, SessionItem } from '../answers.ts'
import { noneFailing } from '../headline.ts'
import { go } from '../router.ts'
import { sessionPath } from '../url-state.ts'
import { useChosenRow } from '../use-chosen-row.ts'
import { verdictOf } from '../verdict-text.ts'
import { PHASE_TITLES, PROFILE_TITLES, STATUS_WORDS } from '../words.ts'
import { Empty } from './answer-state.tsx'
import { Card } from './card.tsx'
import { Icon } from './icon.tsx'
import { Age } from './moment.tsx'
import { Name } from './name.tsx'

/** Desktops that do not work, each with what is wrong in words, worst first. */
export function Failing({
  sessions,
  counts,
  isPast,
  isPartial,
}: {
  readonly sessions: readonly SessionItem[]
  readonly counts: Overview['sessions']
  /** They are from a selected part of the past. */
  readonly isPast: boolean
  /** Some desktops are not diagnosed yet. */
  readonly isPartial: boolean
}) {
  const selected = useChosenRow(sessions, ({ session }) => go(sessionPath(session)))
  const all = (counts.failed ?? 0) + (counts.stalled ?? 0)
  const none = noneFailing(counts, isPartial)
  return (
    <Card
      title={isPast ? 'Desktops that did not work' : 'Desktops that do not work'}
      class="failing"
      aside={
        <>
          <span class="dim hint">those that can still be saved first, then by errors</span>
          {all > sessions.length && <a href="/sessions?status=failed,stalled">All {all}</a>}
        </>
      }
    >
      {sessions.length === 0 ? (
        <Empty title={none.title} icon={none.is === 'well' ? 'check' : 'question'}>
          {none.is === 'unknown' && <a href="/status">What is read, and what is not</a>}
        </Empty>
      ) : (
        <ul class="failing-list">
          {sessions.map((session, i) => (
            <FailingRow
              key={`${session.cluster}:${session.session}`}
              session={session}
              isSelected={i === selected}
            />
          ))}
        </ul>
      )}
    </Card>
  )
}

function FailingRow({
  session,
  isSelected,
}: {
  readonly session: SessionItem
  readonly isSelected: boolean
}) {
  const word = STATUS_WORDS[session.status]
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isSelected])
  return (
    <li ref={row}>
      <a
        class={`failing-row tone-${word.tone} ${isSelected ? 'is-selected' : ''}`}
        href={sessionPath(session.session)}
      >
        <span class="failing-mark">
          <Icon name={word.icon} size={15} />
          <span class="visually-hidden">{word.title}</span>
        </span>
        <span class="failing-what">
          <span class="failing-verdict">{verdictOf(session)}</span>
          <FailingDesktop session={session} />
        </span>
        <span class="tag failing-phase">{PHASE_TITLES[session.phase] ?? session.phase}</span>
        <span class="failing-age dim">
          <Age iso={session.last_seen} />
        </span>
      </a>
    </li>
  )
}

/** Which desktop it is: its name, its product generation, its host, and what it waits for. */
function FailingDesktop({
  session: { session, profile, host, waits_for },
}: {
  readonly session: SessionItem
}) {
  return (
    <span class="failing-who">
      <span class="strong">
        <Name of={session} />
      </span>
      <span>{PROFILE_TITLES[profile] ?? profile}</span>
      {host !== session && (
        <span class="wide-only">
          <Name of={host} />
        </span>
      )}
      {waits_for?.for[0] !== undefined && <span class="wide-only">waits for: {waits_for.for[0]}</span>}
    </span>
  )
}

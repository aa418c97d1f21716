import type { Overview } from '../answers.ts'
import { STATUS_ORDER, STATUS_WORDS } from '../words.ts'
import { Icon } from './icon.tsx'

/** Desktops by state: a bar with the shares, and each state with its count as a link. */
export function StateStrip({
  counts,
  pending,
}: {
  readonly counts: Overview['sessions']
  readonly pending: number
}) {
  const present = STATUS_ORDER.filter((status) => (counts[status] ?? 0) > 0)
  if (present.length === 0 && pending === 0) return null
  return (
    <section class="state-strip" aria-label="desktops by state">
      <div class="state-bar" aria-hidden="true">
        {present.map((status) => (
          <span
            key={status}
            class={`tone-${STATUS_WORDS[status].tone} state-${status}`}
            style={{ flexGrow: counts[status] ?? 0 }}
          />
        ))}
      </div>
      <ul class="state-list">
        {present.map((status) => (
          <li key={status}>
            <a class={`state-item tone-${STATUS_WORDS[status].tone}`} href={`/sessions?status=${status}`}>
              <span class="state-count">{counts[status]}</span>
              <span class="state-word">
                <Icon name={STATUS_WORDS[status].icon} size={14} />
                {STATUS_WORDS[status].title}
              </span>
            </a>
          </li>
        ))}
        {pending > 0 && (
          <li class="state-item dim">
            <span class="state-count">{pending}</span>
            <span class="state-word">
              <Icon name="question" size={14} />
              not diagnosed yet
            </span>
          </li>
        )}
      </ul>
    </section>
  )
}

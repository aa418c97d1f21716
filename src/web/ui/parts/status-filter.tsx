import { changeQuery, usePlace } from '../router.ts'
import { STATUS_ORDER, STATUS_WORDS } from '../words.ts'
import { Icon } from './icon.tsx'
import { UnknownChoice } from './unknown-choice.tsx'

/** Selects the states to show; none selected means all. */
export function StatusFilter({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  const { query } = usePlace()
  const chosen = new Set((query['status'] ?? '').split(',').filter(Boolean))
  const toggle = (status: string) => {
    const next = new Set(chosen)
    if (!next.delete(status)) next.add(status)
    changeQuery({ status: STATUS_ORDER.filter((one) => next.has(one)).join(',') })
  }
  const unknown = [...chosen].filter((status) => !(STATUS_ORDER as readonly string[]).includes(status))
  return (
    <>
      <fieldset class="status-filter" aria-label="States to show">
        {STATUS_ORDER.filter((status) => (counts[status] ?? 0) > 0 || chosen.has(status)).map((status) => (
          <button
            key={status}
            type="button"
            class={`chip tone-${STATUS_WORDS[status].tone}`}
            aria-pressed={chosen.has(status)}
            onClick={() => toggle(status)}
          >
            <Icon name={STATUS_WORDS[status].icon} size={13} />
            {STATUS_WORDS[status].title}
            <span class="chip-count">{counts[status] ?? 0}</span>
          </button>
        ))}
      </fieldset>
      {unknown.length > 0 && <UnknownChoice name="status" value={unknown.join(', ')} />}
    </>
  )
}

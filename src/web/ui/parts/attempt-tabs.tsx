import type { DiagnosisJson } from '../../../triage/diagnosis/diagnose.ts'
import { changeQuery } from '../router.ts'
import { STATUS_WORDS, wordOf } from '../words.ts'
import { Icon } from './icon.tsx'

/** The attempts of a desktop side by side; the last one is shown unless another is chosen. */
export function AttemptTabs({
  attempts,
  chosen,
}: {
  readonly attempts: readonly DiagnosisJson[]
  readonly chosen: DiagnosisJson
}) {
  if (attempts.length < 2) return null
  return (
    <nav class="tabs" aria-label="attempts">
      {attempts.map((one) => {
        const word = wordOf(STATUS_WORDS, one.status)
        const isLast = one === attempts.at(-1)
        return (
          <button
            key={one.attempt}
            type="button"
            class="tab"
            aria-pressed={one === chosen}
            onClick={() =>
              changeQuery({
                attempt: isLast ? undefined : String(one.attempt),
                event: undefined,
                from: undefined,
                to: undefined,
              })
            }
          >
            <span class={`tone-${word.tone} tab-icon`}>
              <Icon name={word.icon} size={13} />
            </span>
            Attempt {one.attempt}
            <span class="dim">
              {word.title.toLowerCase()} · {one.verdict?.title ?? one.host}
            </span>
          </button>
        )
      })}
    </nav>
  )
}

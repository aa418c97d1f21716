import type { Matcher, SilenceItem } from '../answers.ts'
import { tell } from '../api.ts'
import { nowMs } from '../clock.ts'
import { localText } from '../time-text.ts'
import { useTask } from '../use-task.ts'
import { Empty } from './answer-state.tsx'
import { Card } from './card.tsx'
import { Name } from './name.tsx'
import { TaskNote } from './task-note.tsx'

/** Silences: what, until when, by whom and why. */
export function Silences({
  silences,
  onChanged,
}: {
  readonly silences: readonly SilenceItem[]
  onChanged(): void
}) {
  const { state, run } = useTask()
  const now = nowMs()
  const open = silences.filter(({ ends_at }) => Date.parse(ends_at) > now)
  const end = (id: string) =>
    run(async () => {
      await tell('DELETE', `silences/${encodeURIComponent(id)}`)
      onChanged()
    })
  return (
    <Card title="Silences">
      <TaskNote task={state} />
      {open.length === 0 ? (
        <Empty title="Nothing is silenced" icon="bell" />
      ) : (
        <ul class="plain-list">
          {open.map(({ id, matchers, ends_at, created_by, comment }) => (
            <li key={id}>
              <code>
                <Name of={matchers.map(matcherText).join(', ')} />
              </code>
              <span class="dim">
                until {localText(ends_at, now)}
                {created_by !== undefined && `, by ${created_by}`}
                {comment !== undefined && `: ${comment}`}
              </span>
              <button type="button" class="button button-small" onClick={() => end(id)}>
                End it now
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

/** In the syntax of Alertmanager. */
function matcherText({ name, value, is_regex, is_equal }: Matcher): string {
  return `${name}${is_equal ? (is_regex ? '=~' : '=') : is_regex ? '!~' : '!='}${value}`
}

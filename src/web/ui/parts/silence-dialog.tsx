import { useEffect, useRef, useState } from 'preact/hooks'
import type { AlertItem, SilenceItem } from '../answers.ts'
import { tell } from '../api.ts'
import { nowMs } from '../clock.ts'
import { isoOf } from '../time-range.ts'
import { useTask } from '../use-task.ts'
import { TaskNote } from './task-note.tsx'

const HOURS = [
  { hours: 1, title: '1 hour' },
  { hours: 4, title: '4 hours' },
  { hours: 24, title: '1 day' },
  { hours: 168, title: '1 week' },
] as const

/** Silences an alert for a while, and others that share the labels left selected. */
export function SilenceDialog({
  alert,
  onClose,
  onDone,
}: {
  readonly alert: AlertItem
  onClose(): void
  onDone(): void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(Object.keys(alert.labels)))
  const [hours, setHours] = useState(4)
  const [who, setWho] = useState('')
  const [why, setWhy] = useState('')
  const { state, run } = useTask()
  useEffect(() => dialog.current?.showModal(), [])
  const toggle = (name: string) => {
    const next = new Set(chosen)
    if (!next.delete(name)) next.add(name)
    setChosen(next)
  }
  const send = () =>
    run(async () => {
      const startMs = nowMs()
      await tell<SilenceItem>('POST', 'silences', {
        matchers: [...chosen].map((name) => ({
          name,
          value: alert.labels[name] ?? '',
          is_regex: false,
          is_equal: true,
        })),
        ends_at: isoOf(startMs + hours * 3_600_000),
        created_by: who.trim(),
        comment: why.trim(),
      })
      onDone()
    })
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="silence-title" onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <h2 id="silence-title">Keep it quiet</h2>
        <fieldset class="form-part">
          <legend>Alerts with these labels</legend>
          {Object.entries(alert.labels).map(([name, value]) => (
            <label key={name} class="check">
              <input type="checkbox" checked={chosen.has(name)} onChange={() => toggle(name)} />
              <code>
                {name} = {value}
              </code>
            </label>
          ))}
        </fieldset>
        <label class="form-part">
          For
          <select
            value={String(hours)}
            onChange={({ currentTarget }) => setHours(Number(currentTarget.value))}
          >
            {HOURS.map((one) => (
              <option key={one.hours} value={one.hours}>
                {one.title}
              </option>
            ))}
          </select>
        </label>
        <label class="form-part">
          Who asks for it
          <input
            required
            value={who}
            maxLength={200}
            onInput={({ currentTarget }) => setWho(currentTarget.value)}
          />
        </label>
        <label class="form-part">
          Why
          <input
            required
            value={why}
            maxLength={1000}
            onInput={({ currentTarget }) => setWhy(currentTarget.value)}
          />
        </label>
        <TaskNote task={state} />
        <div class="form-end">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button
            type="submit"
            class="button button-main"
            disabled={state.kind === 'running' || chosen.size === 0}
          >
            Silence
          </button>
        </div>
      </form>
    </dialog>
  )
}

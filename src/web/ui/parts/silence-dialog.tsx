import { useEffect, useRef, useState } from 'preact/hooks'
import type { AlertItem, SilenceItem } from '../answers.ts'
import { tell } from '../api.ts'
import { nowMs } from '../clock.ts'
import { isoOf } from '../time-range.ts'
import { useTask } from '../use-task.ts'
import { Name } from './name.tsx'
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
  const send = () =>
    run(async () => {
      await silence(alert, { labels: [...chosen], hours, who: who.trim(), why: why.trim() })
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
        <h2 id="silence-title">Silence this alert</h2>
        <LabelChoice labels={alert.labels} chosen={chosen} onChange={setChosen} />
        <HoursChoice hours={hours} onChange={setHours} />
        <TextField title="Who asks for it" value={who} maxLength={200} onChange={setWho} />
        <TextField title="Why" value={why} maxLength={1000} onChange={setWhy} />
        <TaskNote task={state} />
        <FormEnd
          canSend={state.kind !== 'running' && chosen.size > 0}
          onCancel={() => dialog.current?.close()}
        />
      </form>
    </dialog>
  )
}

/** The labels that a silence asks for; an alert with all of them is silenced. */
function LabelChoice({
  labels,
  chosen,
  onChange,
}: {
  readonly labels: AlertItem['labels']
  readonly chosen: ReadonlySet<string>
  onChange(chosen: ReadonlySet<string>): void
}) {
  const toggle = (name: string) => {
    const next = new Set(chosen)
    if (!next.delete(name)) next.add(name)
    onChange(next)
  }
  return (
    <fieldset class="form-part">
      <legend>Alerts with these labels</legend>
      {Object.entries(labels).map(([name, value]) => (
        <label key={name} class="check">
          <input type="checkbox" checked={chosen.has(name)} onChange={() => toggle(name)} />
          <code>
            {name} = <Name of={value} />
          </code>
        </label>
      ))}
    </fieldset>
  )
}

function HoursChoice({ hours, onChange }: { readonly hours: number; onChange(hours: number): void }) {
  return (
    <label class="form-part">
      For
      <select value={String(hours)} onChange={({ currentTarget }) => onChange(Number(currentTarget.value))}>
        {HOURS.map((one) => (
          <option key={one.hours} value={one.hours}>
            {one.title}
          </option>
        ))}
      </select>
    </label>
  )
}

function FormEnd({ canSend, onCancel }: { readonly canSend: boolean; onCancel(): void }) {
  return (
    <div class="form-end">
      <button type="button" class="button" onClick={onCancel}>
        Cancel
      </button>
      <button type="submit" class="button button-main" disabled={!canSend}>
        Silence
      </button>
    </div>
  )
}

function TextField({
  title,
  value,
  maxLength,
  onChange,
}: {
  readonly title: string
  readonly value: string
  readonly maxLength: number
  onChange(value: string): void
}) {
  return (
    <label class="form-part">
      {title}
      <input
        required
        value={value}
        maxLength={maxLength}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  )
}

type Wanted = {
  readonly labels: readonly string[]
  readonly hours: number
  readonly who: string
  readonly why: string
}

function silence(alert: AlertItem, { labels, hours, who, why }: Wanted): Promise<SilenceItem> {
  return tell<SilenceItem>('POST', 'silences', {
    matchers: labels.map((name) => ({
      name,
      value: alert.labels[name] ?? '',
      is_regex: false,
      is_equal: true,
    })),
    ends_at: isoOf(nowMs() + hours * 3_600_000),
    created_by: who,
    comment: why,
  })
}

import { useState } from 'preact/hooks'
import type { SignatureDetail } from '../answers.ts'
import { tell } from '../api.ts'
import { useTask } from '../use-task.ts'
import { TaskNote } from './task-note.tsx'

const ACTIONS: readonly {
  readonly action: string
  readonly title: string
  readonly about: string
  readonly not: readonly string[]
}[] = [
  {
    action: 'ack',
    title: 'Acknowledge',
    about: 'somebody is working on it',
    not: ['acknowledged', 'ignored', 'resolved'],
  },
  {
    action: 'resolve',
    title: 'Resolve',
    about: 'it is fixed; if it comes back, it is regressed',
    not: ['resolved', 'ignored'],
  },
  { action: 'ignore', title: 'Ignore', about: 'it does not matter; no alert reports it', not: ['ignored'] },
  {
    action: 'reopen',
    title: 'Reopen',
    about: 'it needs attention again',
    not: ['new', 'known', 'regressed'],
  },
]

/** The possible decisions about a signature, with a note for the reason. */
export function SignatureActions({
  signature,
  onChanged,
}: {
  readonly signature: SignatureDetail
  onChanged(): void
}) {
  const [note, setNote] = useState('')
  const { state: task, run } = useTask()
  const { id, state } = signature
  const act = (action: string) =>
    run(async () => {
      await tell('POST', `signatures/${encodeURIComponent(id)}/state`, {
        action,
        ...(note.trim() === '' ? {} : { note: note.trim() }),
      })
      setNote('')
      onChanged()
    })
  return (
    <div class="actions">
      <label>
        <span class="visually-hidden">Note</span>
        <input
          value={note}
          placeholder="why (optional)"
          maxLength={500}
          onInput={({ currentTarget }) => setNote(currentTarget.value)}
        />
      </label>
      {ACTIONS.filter(({ not }) => !not.includes(state)).map(({ action, title, about }) => (
        <button
          key={action}
          type="button"
          class="button"
          title={about}
          disabled={task.kind === 'running'}
          onClick={() => act(action)}
        >
          {title}
        </button>
      ))}
      <TaskNote task={task} />
    </div>
  )
}

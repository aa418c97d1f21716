import type { Task } from '../use-task.ts'

/** Says why a task failed; nothing if it did not. */
export function TaskNote({ task }: { readonly task: Task }) {
  return (
    <span role="status" class="task-note">
      {task.kind === 'failed' && `${task.reason} ${task.hint}`}
    </span>
  )
}

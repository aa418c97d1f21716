import type { Task } from '../use-task.ts'

/** How it went, where it did not go well. */
export function TaskNote({ task }: { readonly task: Task }) {
  return (
    <span role="status" class="task-note">
      {task.kind === 'failed' && `${task.reason} ${task.hint}`}
    </span>
  )
}

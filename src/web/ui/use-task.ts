import { useState } from 'preact/hooks'
import { ApiError } from './api.ts'

/** The state of something that the reader asked for. */
export type Task =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string; readonly hint: string }

/** Runs what the reader asks for and keeps its result. */
export function useTask(): { readonly state: Task; run(task: () => Promise<void>): void } {
  const [state, setState] = useState<Task>({ kind: 'idle' })
  const run = (task: () => Promise<void>) => {
    setState({ kind: 'running' })
    task()
      .then(() => setState({ kind: 'done' }))
      .catch((cause: unknown) => {
        const hint = cause instanceof ApiError ? cause.hint : ''
        setState({ kind: 'failed', reason: cause instanceof Error ? cause.message : String(cause), hint })
      })
  }
  return { state, run }
}

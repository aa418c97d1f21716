import type { ComponentChildren } from 'preact'
import type { Answer } from '../use-answer.ts'
import { Hint } from './hint.tsx'
import { Icon } from './icon.tsx'

/** The place of an answer: a sign of waiting, an error with what to do, or the answer. */
export function AnswerState<T>({
  answer,
  rows = 3,
  children,
}: {
  readonly answer: Answer<T>
  /** The expected height of the answer, in lines. */
  readonly rows?: number
  readonly children: (data: T) => ComponentChildren
}) {
  const { data, error, again } = answer
  if (data !== undefined) return <>{children(data)}</>
  if (error === undefined) return <Waiting rows={rows} />
  if (error.status === 0) return <Waiting rows={rows} />
  return (
    <div class="note note-bad" role="alert">
      <Icon name="warning" />
      <div>
        <p class="note-title">{error.status === 404 ? 'Not here' : 'No answer to this'}</p>
        <p>{error.message}</p>
        {error.hint !== '' && (
          <p class="dim">
            <Hint text={error.hint} />
          </p>
        )}
        <button type="button" class="button button-small" onClick={again}>
          Try again
        </button>
      </div>
    </div>
  )
}

function Waiting({ rows }: { readonly rows: number }) {
  return (
    <div class="waiting" aria-busy="true">
      <span class="visually-hidden">Loading</span>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} class="waiting-row" />
      ))}
    </div>
  )
}

/** Says that a list is empty, and what would change that. */
export function Empty({
  title,
  icon = 'check',
  children,
}: {
  readonly title: string
  readonly icon?: string
  readonly children?: ComponentChildren
}) {
  return (
    <div class="empty">
      <Icon name={icon} size={20} />
      <p class="empty-title">{title}</p>
      {children}
    </div>
  )
}

import { changeQuery } from '../router.ts'
import type { QueryChange } from '../url-state.ts'
import { Icon } from './icon.tsx'

/** Says that the address names something that is not there, and takes it out of the address on request. */
export function WrongAddress({
  text,
  remedy,
  change,
}: {
  readonly text: string
  /** The label of the button. */
  readonly remedy: string
  readonly change: QueryChange
}) {
  return (
    <div class="note" role="alert">
      <Icon name="question" />
      <div>
        <p class="note-title">{text}</p>
        <button type="button" class="button button-small" onClick={() => changeQuery(change)}>
          {remedy}
        </button>
      </div>
    </div>
  )
}

import { changeQuery, usePlace } from '../router.ts'
import { UnknownChoice } from './unknown-choice.tsx'

/** Selects one of a few values for a key of the address's query. */
export function ChoiceFilter({
  name,
  label,
  choices,
}: {
  readonly name: string
  readonly label: string
  readonly choices: readonly { readonly value: string; readonly title: string }[]
}) {
  const { query } = usePlace()
  const chosen = query[name] ?? ''
  const isKnown = choices.some(({ value }) => value === chosen)
  return (
    <>
      <fieldset class="segmented" aria-label={label}>
        {choices.map(({ value, title }) => (
          <button
            key={value}
            type="button"
            aria-pressed={value === chosen}
            onClick={() => changeQuery({ [name]: value })}
          >
            {title}
          </button>
        ))}
      </fieldset>
      {!isKnown && <UnknownChoice name={name} value={chosen} />}
    </>
  )
}

import type { Comparable } from '../healthy.ts'
import { changeQuery } from '../router.ts'
import { PROFILE_TITLES, STATUS_WORDS, wordOf } from '../words.ts'

/** At most this many are offered; any other may be typed. */
const OFFERED = 200

/** Selects the desktop, or the attempt of the same one, to compare with. */
export function CompareChoice({
  choices,
  wanted,
}: {
  readonly choices: readonly Comparable[]
  readonly wanted: string
}) {
  return (
    <form
      class="compare-choice"
      onSubmit={(event) => {
        event.preventDefault()
        const name = String(new FormData(event.currentTarget).get('other') ?? '').trim()
        if (name !== '') changeQuery({ compare: name })
      }}
    >
      <label class="field-inline">
        Compare with
        <input
          key={wanted}
          name="other"
          defaultValue={wanted}
          list="comparables"
          placeholder="owner/name"
          spellcheck={false}
          autocomplete="off"
          onChange={({ currentTarget }) => {
            const name = currentTarget.value.trim()
            if (choices.some((one) => one.name === name)) changeQuery({ compare: name })
          }}
        />
      </label>
      <datalist id="comparables">
        {choices.slice(0, OFFERED).map(({ name, status, profile }) => (
          <option key={name} value={name}>
            {wordOf(STATUS_WORDS, status).title}, {PROFILE_TITLES[profile] ?? profile}
          </option>
        ))}
      </datalist>
      <button type="submit" class="button">
        Compare
      </button>
    </form>
  )
}

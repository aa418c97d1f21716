import { nowMs } from '../clock.ts'
import { changeQuery, usePlace } from '../router.ts'
import { isoOf, RANGES, timeOf } from '../time-range.ts'
import { localText } from '../time-text.ts'

/** Picks the range that the address holds: an age by name, or the part of a chart that was brushed. */
export function RangePicker({ defaultAge = '24h' }: { readonly defaultAge?: string }) {
  const { query } = usePlace()
  const now = nowMs()
  const from = query['from'] ?? defaultAge
  const isNamed = query['to'] === undefined && RANGES.some(({ age }) => age === from)
  const fromMs = timeOf(from, now) ?? now
  const toMs = timeOf(query['to'], now)
  return (
    <div class="range-picker">
      {!isNamed && (
        <span class="range-custom">
          {localText(isoOf(fromMs), now)} – {toMs === undefined ? 'now' : localText(isoOf(toMs), now)}
          <button
            type="button"
            class="button button-small"
            onClick={() => changeQuery({ from: undefined, to: undefined })}
          >
            Reset
          </button>
        </span>
      )}
      <label class="field-inline">
        <span class="visually-hidden">Time range</span>
        <select
          value={isNamed ? from : ''}
          onChange={(event) => {
            const age = event.currentTarget.value
            changeQuery({ from: age === defaultAge ? undefined : age, to: undefined })
          }}
        >
          {!isNamed && <option value="">brushed</option>}
          {RANGES.map(({ age, title }) => (
            <option key={age} value={age}>
              {title}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

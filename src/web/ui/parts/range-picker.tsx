import { useState } from 'preact/hooks'
import { nowMs } from '../clock.ts'
import { changeQuery, usePlace } from '../router.ts'
import { RANGES, rangeFault, rangeOf } from '../time-range.ts'
import { RangeFault } from './range-fault.tsx'
import { RangeForm } from './range-form.tsx'

const CUSTOM = 'custom'

/** Selects the range in the address: a recent period by name, or two ends that are typed or brushed in a chart. */
export function RangePicker({ defaultAge = '24h' }: { readonly defaultAge?: string }) {
  const { query } = usePlace()
  const [isTyping, setTyping] = useState(false)
  const now = nowMs()
  const { from = defaultAge, to } = query
  const isNamed = to === undefined && RANGES.some(({ age }) => age === from)
  const fault = rangeFault({ from, to }, now)
  return (
    <div class="range-picker">
      <RangeFault fault={fault} />
      {(!isNamed || isTyping) && (
        <span class="range-custom">
          <RangeForm range={rangeOf({ from, to }, now, defaultAge)} isOpenEnd={to === undefined} />
          <button
            type="button"
            class="button button-small"
            onClick={() => {
              setTyping(false)
              changeQuery({ from: undefined, to: undefined })
            }}
          >
            Reset
          </button>
        </span>
      )}
      <label class="field-inline">
        <span class="visually-hidden">Time range</span>
        <select
          value={isNamed && !isTyping ? from : CUSTOM}
          onChange={(event) => {
            const age = event.currentTarget.value
            setTyping(age === CUSTOM)
            if (age !== CUSTOM) changeQuery({ from: age === defaultAge ? undefined : age, to: undefined })
          }}
        >
          {RANGES.map(({ age, title }) => (
            <option key={age} value={age}>
              {title}
            </option>
          ))}
          <option value={CUSTOM}>custom</option>
        </select>
      </label>
    </div>
  )
}

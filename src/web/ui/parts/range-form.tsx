import { useState } from 'preact/hooks'
import { changeQuery } from '../router.ts'
import { inputTime, isoOf, type Range } from '../time-range.ts'

/** A form for any range; times are in the reader's zone. */
export function RangeForm({ range, isOpenEnd }: { readonly range: Range; readonly isOpenEnd: boolean }) {
  const [fault, setFault] = useState('')
  const apply = (form: HTMLFormElement) => {
    const data = new FormData(form)
    const [fromMs, toMs] = ['from', 'to'].map((name) => Date.parse(String(data.get(name) ?? '')))
    if (fromMs === undefined || Number.isNaN(fromMs)) return setFault('Enter when it begins.')
    const hasEnd = toMs !== undefined && !Number.isNaN(toMs)
    if (hasEnd && toMs <= fromMs) return setFault('It ends before it begins.')
    setFault('')
    changeQuery({ from: isoOf(fromMs), to: hasEnd ? isoOf(toMs) : undefined })
  }
  return (
    <form
      class="range-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        apply(event.currentTarget)
      }}
    >
      <label class="field-inline">
        from
        <input
          key={`${range.fromMs}`}
          type="datetime-local"
          name="from"
          step="1"
          defaultValue={inputTime(range.fromMs)}
        />
      </label>
      <label class="field-inline">
        to
        <input
          key={`${range.toMs}`}
          type="datetime-local"
          name="to"
          step="1"
          defaultValue={isOpenEnd ? '' : inputTime(range.toMs)}
        />
      </label>
      <button type="submit" class="button">
        Apply
      </button>
      {fault !== '' && (
        <span role="alert" class="range-fault">
          {fault}
        </span>
      )}
    </form>
  )
}

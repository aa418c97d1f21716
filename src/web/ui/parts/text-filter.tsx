import { useEffect, useRef, useState } from 'preact/hooks'
import { after } from '../clock.ts'
import { changeQuery, usePlace } from '../router.ts'
import { Icon } from './icon.tsx'

/** The address, and with it the question, changes after this pause in typing. */
const SETTLE_MS = 180

/** A text field for a key of the address's query; `/` focuses it. */
export function TextFilter({
  name,
  label,
  placeholder,
}: {
  readonly name: string
  readonly label: string
  readonly placeholder: string
}) {
  const { query } = usePlace()
  const value = query[name] ?? ''
  const [typed, setTyped] = useState(value)
  const callOff = useRef(() => {})
  const written = useRef(value)
  useEffect(() => {
    if (value !== written.current) setTyped(value)
    written.current = value
  }, [value])
  const onInput = (text: string) => {
    setTyped(text)
    callOff.current()
    callOff.current = after(SETTLE_MS, () => {
      written.current = text
      changeQuery({ [name]: text }, { replace: true })
    })
  }
  return (
    <label class="text-filter">
      <Icon name="search" size={14} />
      <span class="visually-hidden">{label}</span>
      <input
        type="search"
        data-search=""
        value={typed}
        placeholder={placeholder}
        spellcheck={false}
        autocomplete="off"
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </label>
  )
}

import { changeQuery } from '../router.ts'
import { Name } from './name.tsx'

/** Says that the address filters by a value that this page does not have; a click takes the filter away. */
export function UnknownChoice({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <span role="alert" class="unknown-choice">
      <button type="button" class="chip tone-warn" onClick={() => changeQuery({ [name]: undefined })}>
        no {name} is called <Name of={value} /> <span aria-hidden="true">×</span>
        <span class="visually-hidden"> remove this filter</span>
      </button>
    </span>
  )
}

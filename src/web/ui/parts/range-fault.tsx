import { Icon } from './icon.tsx'

/** Says what is wrong with the range in the address; nothing if it is valid. */
export function RangeFault({ fault }: { readonly fault: string | undefined }) {
  if (fault === undefined) return null
  return (
    <p role="alert" class="range-fault">
      <Icon name="warning" size={14} /> {fault}
    </p>
  )
}

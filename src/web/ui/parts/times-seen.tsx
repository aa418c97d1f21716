import { Age } from './moment.tsx'

/** How often something was seen, and how long ago last. */
export function TimesSeen({ count, last }: { readonly count: number; readonly last: string }) {
  return (
    <span class="common-how">
      ×{count}
      <span class="dim">
        {' '}
        · <Age iso={last} />
      </span>
    </span>
  )
}

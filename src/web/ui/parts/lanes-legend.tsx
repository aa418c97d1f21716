import { counted } from '../words.ts'

/** What the marks mean, and how many lines came long after. */
export function LanesLegend({ behind }: { readonly behind: number }) {
  return (
    <p class="lanes-legend">
      <span>
        <i class="key key-failure" /> failure
      </span>
      <span>
        <i class="key key-warning" /> warning
      </span>
      <span>
        <i class="key key-milestone" /> milestone
      </span>
      <span>
        <i class="key key-line" /> other line
      </span>
      <span>
        <i class="key key-inferred" /> time not in the log
      </span>
      <span>
        <i class="key key-reboot" /> reboot
      </span>
      {behind > 0 && <span class="lanes-behind">{counted(behind, 'line')} later →</span>}
    </p>
  )
}

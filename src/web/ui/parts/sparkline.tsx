const WIDTH = 96
const HEIGHT = 22

/** Counts over time as small columns; the last one is now. */
export function Sparkline({ counts, label }: { readonly counts: readonly number[]; readonly label: string }) {
  const most = Math.max(1, ...counts)
  const step = WIDTH / Math.max(counts.length, 1)
  return (
    <svg
      class="sparkline"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      {counts.map((count, i) => {
        const height = count === 0 ? 1 : Math.max(2.5, (count / most) * HEIGHT)
        return (
          <rect
            key={i}
            class={count === 0 ? 'is-none' : ''}
            x={i * step + 0.5}
            y={HEIGHT - height}
            width={Math.max(step - 1, 1)}
            height={height}
            rx={0.8}
          />
        )
      })}
    </svg>
  )
}

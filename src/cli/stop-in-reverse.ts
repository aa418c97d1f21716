type Stop = () => unknown

/** Remembers how to stop something that was just started. */
export type OnStop = (stop: Stop) => void

/**
 * Runs `work`, then stops what it started, in reverse order, even if a stop fails. Throws the last error, as nested
 * `finally` blocks would.
 */
export async function stoppingInReverse(work: (onStop: OnStop) => Promise<void>): Promise<void> {
  const stops: Stop[] = []
  try {
    await work((stop) => stops.unshift(stop))
  } finally {
    await stopEach(stops)
  }
}

async function stopEach([stop, ...rest]: readonly Stop[]): Promise<void> {
  if (stop === undefined) return
  try {
    await stop()
  } finally {
    await stopEach(rest)
  }
}

type Stop = () => unknown

/** Remembers how to stop something that was just started. */
export type OnStop = (stop: Stop) => void

/**
 * Runs `work`, and afterwards stops what it started: the last first, each even if another one fails to stop. Throws the last
 * error, as nested `finally` blocks would.
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

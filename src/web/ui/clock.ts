/** The page's only door to the time: everything else gets it as an argument or through these functions. */

/** Milliseconds since the epoch. */
export function nowMs(): number {
  return Date.now()
}

/** Runs something once, later; the returned function cancels it. */
export function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

/** Runs something repeatedly; the returned function ends it. */
export function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms)
  return () => clearInterval(timer)
}

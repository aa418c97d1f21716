const MOST_SUGGESTED = 3
const LEAST_ALIKE = 0.5

/** The ids most similar to the one asked for, best first. */
export function similarIds(id: string, known: readonly string[]): string[] {
  return known
    .map((one) => ({ id: one, alike: likeness(id, one) }))
    .filter(({ alike }) => alike >= LEAST_ALIKE)
    .sort((a, b) => b.alike - a.alike)
    .slice(0, MOST_SUGGESTED)
    .map((one) => one.id)
}

/** The share of letter pairs that two words have in common (Dice's coefficient), 0 to 1. */
function likeness(a: string, b: string): number {
  const pairs = (text: string) =>
    Array.from({ length: Math.max(text.length - 1, 0) }, (_, i) => text.slice(i, i + 2))
  const left = pairs(b)
  const shared = pairs(a.toLowerCase()).filter((pair) => {
    const at = left.indexOf(pair)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
  return (2 * shared.length) / Math.max(a.length + b.length - 2, 1)
}

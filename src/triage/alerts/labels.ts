/** What identifies an alert: a few labels with few values each. Equal labels mean the same alert. */
export type Labels = Readonly<Record<string, string>>

const FNV_OFFSET = 14695981039346656037n
const FNV_PRIME = 1099511628211n
const SEPARATOR = 255

/** Sixteen hex digits that identify a set of labels; the same as Alertmanager's for that set. */
export function fingerprintOf(labels: Labels): string {
  let hash = FNV_OFFSET
  const add = (byte: number) => {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME)
  }
  for (const name of Object.keys(labels).sort()) {
    for (const part of [name, labels[name] ?? '']) {
      for (const byte of Buffer.from(part)) add(byte)
      add(SEPARATOR)
    }
  }
  return hash.toString(16).padStart(16, '0')
}

/** The labels that all sets share, with the same value. */
export function commonOf(sets: readonly Labels[]): Labels {
  const [first = {}, ...others] = sets
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((labels) => labels[name] === value)),
  )
}

/** Labels as Alertmanager writes them: `{alertname="x", host="y"}`, sorted. */
export function labelsText(labels: Labels): string {
  const parts = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`)
  return `{${parts.join(', ')}}`
}

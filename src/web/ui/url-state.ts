/** What stands behind the `?` of an address: everything that a view is made of. */
export type Query = Readonly<Record<string, string>>
/** New values of some keys; undefined takes a key out. */
export type QueryChange = Readonly<Record<string, string | undefined>>

/** Reads `?a=1&b=2`; of a key that is given twice the last one counts, empty ones do not count. */
export function readQuery(search: string): Query {
  const pairs = [...new URLSearchParams(search)].filter(([, value]) => value !== '')
  return Object.fromEntries(pairs)
}

/** Writes a query with its keys in order, so that the same view always has the same address. */
export function writeQuery(query: Query): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const text = new URLSearchParams(pairs).toString()
  return text === '' ? '' : `?${text}`
}

/** A query with some keys changed. */
export function withChange(query: Query, change: QueryChange): Query {
  const pairs = Object.entries({ ...query, ...change }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
  )
  return Object.fromEntries(pairs)
}

/** The parts of a path, decoded; a part that does not decode stands for itself. */
export function pathParts(path: string): string[] {
  return path.split('/').filter(Boolean).map(decoded)
}

/** The page of a desktop (`owner/name`: an owner has no slash, a name may), or of a host without one. */
export function sessionPath(session: string): string {
  const slash = session.indexOf('/')
  const parts = slash < 0 ? [session] : [session.slice(0, slash), session.slice(slash + 1)]
  return ['/sessions', ...parts.map(encodeURIComponent)].join('/')
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The query of an address, which contains everything that a view is made of. */
export type Query = Readonly<Record<string, string>>
/** New values of some keys; undefined removes a key. */
export type QueryChange = Readonly<Record<string, string | undefined>>

/** Parses `?a=1&b=2`; the last value of a repeated key counts, empty ones do not. */
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

/** The parts of a path, decoded; a part that cannot be decoded is kept as it is. */
export function pathParts(path: string): string[] {
  return path.split('/').filter(Boolean).map(decoded)
}

/** The path of a desktop's page (`owner/name`: an owner has no slash, a name may have one), or of a host without a desktop. */
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

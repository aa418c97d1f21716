/** What a request does; no value of it. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT']

const KNOWN: ReadonlySet<string> = new Set(METHODS)

/** Is a word what a request does, as `GET`? */
export function isMethod(word: string): boolean {
  return KNOWN.has(word)
}

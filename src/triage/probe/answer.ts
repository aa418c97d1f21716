/** The answer to one request for the headers of a desktop's address, without anything that may be a secret; absent keys were absent. */
export type ProbeAnswer = {
  readonly status?: number
  /** The name of the server's program, without its comments. */
  readonly server?: string
  /** Where a redirect leads: host and path at most. */
  readonly location?: string
  /** Why there was no answer, in the words of the system or of curl. */
  readonly error?: string
}

/** Headers as they were received; anything may be written in them. */
export type Headers = {
  readonly status: number
  readonly server?: string | undefined
  readonly location?: string | undefined
}

/** A longer part of a path or word of an error may be a token. */
const LONGEST_WORD = 40

/** Keeps of an answer what the decision table looks at. No query, fragment, user, password or other header gets further. */
export function answerOf({ status, server, location }: Headers): ProbeAnswer {
  const name = /^[a-z][\w./-]*/i.exec(server?.trim() ?? '')?.[0].slice(0, LONGEST_WORD)
  const target = location === undefined ? undefined : shownAddress(location)
  return {
    status,
    ...(name === undefined ? {} : { server: name }),
    ...(target === undefined ? {} : { location: target }),
  }
}

/** Stands for the host of an address that names none. */
const NO_HOST = 'http://relative.invalid'

/**
 * Host and path of an address, or the path alone if it names no host. The path ends before its first part that may hold more
 * than a name: a query that is written with `%3F`, a `;parameter`, a token. Undefined if it is not an address of the web.
 */
export function shownAddress(written: string): string | undefined {
  if (!URL.canParse(written, NO_HOST)) return undefined
  const { protocol, origin, pathname } = new URL(written, NO_HOST)
  if (protocol !== 'https:' && protocol !== 'http:') return undefined
  const parts = pathname.slice(1).split('/')
  const end = parts.findIndex((part) => part.length > LONGEST_WORD || !/^[\w.~-]*$/.test(part))
  const path = `/${parts.slice(0, end < 0 ? undefined : end).join('/')}`
  return origin === NO_HOST ? path : `${origin}${path}`
}

/** Keeps of an error its first clause, without words that may hold more than a name: the rest may repeat what was typed. */
export function errorAnswer(written: string): ProbeAnswer {
  const [, code = '', text = ''] = /^(curl: \(\d+\) )?(.*)$/s.exec(written.trim()) ?? []
  const words = (text.split(/[:\n]/, 1)[0] ?? '').split(/\s+/).filter(isPlain)
  return { error: `${code}${words.join(' ')}`.trim() }
}

function isPlain(word: string): boolean {
  return word.length <= LONGEST_WORD && !/[=%?#@&;]/.test(word)
}

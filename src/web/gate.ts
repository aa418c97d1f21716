import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { compare } from 'bcryptjs'
import { refusal } from './problem.ts'

/** Who may ask: tokens, and names with the bcrypt hashes of their passwords. */
export type Access = {
  readonly tokens: readonly string[]
  readonly users: ReadonlyMap<string, string>
}

/** Decides whether an Authorization header belongs to somebody who may ask. */
export type Gate = { admits(header: string | undefined): Promise<boolean> }

/** A password check is slow on purpose; more than this many at a time are refused. */
const MOST_CHECKS = 8
/** Correct passwords, as keyed digests, so that only the first request of a page needs a slow check. */
const MOST_KNOWN = 1000
/** The hash of no password, so that unknown names take as long as known ones. */
const NOBODY = '$2b$10$.xChJJt9WxW8wB0VtTJ0fezY2pB71AcCFitIojUAQu1WzMukp.Qdy'

/** Compares in constant time and stores no password: timing reveals neither a secret nor its length. */
export function createGate({ tokens, users }: Access): Gate {
  const key = randomBytes(32)
  const digest = (text: string) => createHmac('sha256', key).update(text).digest()
  const known = tokens.map(digest)
  const proven = new Set<string>()
  let checks = 0

  const isUser = async (name: string, password: string): Promise<boolean> => {
    const digested = digest(`${name}\0${password}`).toString('base64')
    if (proven.has(digested)) return true
    if (checks >= MOST_CHECKS)
      throw refusal('E_BUSY', 'too many passwords are being checked', 'Ask again in a few seconds.')
    checks++
    try {
      const hash = users.get(name)
      const isRight = await compare(password, hash ?? NOBODY)
      if (!isRight || hash === undefined) return false
    } finally {
      checks--
    }
    if (proven.size >= MOST_KNOWN) proven.clear()
    proven.add(digested)
    return true
  }

  const isToken = (value: string): boolean => {
    const given = digest(value)
    // All tokens are compared, whichever one matches.
    return known.filter((token) => timingSafeEqual(token, given)).length > 0
  }

  return {
    async admits(header = '') {
      const [, scheme = '', value = ''] = /^(\w+) +(.+)$/.exec(header) ?? []
      if (scheme.toLowerCase() === 'bearer') return isToken(value)
      const { name, password } = namedIn(header)
      if (name === undefined || password === undefined) return false
      // A browser asks for a name and a password, so a token is accepted as the password of any name.
      return isToken(password) || isUser(name, password)
    },
  }
}

/** The name and password of a Basic header, not checked. */
export function namedIn(header = ''): { readonly name?: string; readonly password?: string } {
  const [, value = ''] = /^basic +(.+)$/i.exec(header) ?? []
  const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString()) ?? []
  return name === undefined || password === undefined ? {} : { name, password }
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { compare } from 'bcryptjs'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { refusal } from './problem.ts'
import { WrongTries } from './wrong-tries.ts'

/** Who may ask: tokens, and names with the bcrypt hashes of their passwords. */
export type Access = {
  readonly tokens: readonly string[]
  readonly users: ReadonlyMap<string, string>
}

/** Decides whether an Authorization header, sent from an address, belongs to somebody who may ask. */
export type Gate = { admits(header: string | undefined, address: string): Promise<boolean> }

/** A password check is slow on purpose; more than this many at a time are refused. */
const MOST_CHECKS = 8
/** Correct passwords, as keyed digests, so that only the first request of a page needs a slow check. */
const MOST_KNOWN = 1000
const WAIT = 'Try again in a minute. A token, and a password that was right before, still count.'
/** The hash of no password, so that unknown names take as long as known ones. */
const NOBODY = '$2b$10$.xChJJt9WxW8wB0VtTJ0fezY2pB71AcCFitIojUAQu1WzMukp.Qdy'

type GateKeeping = { readonly clock: Pick<Clock, 'nowMs'>; readonly log: Pick<Log, 'warn'> }

/** Compares in constant time and stores no password: timing reveals neither a secret nor its length. */
export function createGate({ tokens, users }: Access, { clock, log }: GateKeeping): Gate {
  const key = randomBytes(32)
  const digest = (text: string) => createHmac('sha256', key).update(text).digest()
  const known = tokens.map(digest)
  const proven = new Set<string>()
  const wrong = new WrongTries(clock)
  let checks = 0

  const noteWrong = (address: string) => {
    if (wrong.note(address))
      log.warn({ address }, 'too many wrong passwords; no more are checked for a minute')
  }

  const isUser = async (name: string, password: string, address: string): Promise<boolean> => {
    const digested = digest(`${name}\0${password}`).toString('base64')
    if (proven.has(digested)) return true
    if (wrong.areTooMany(address))
      throw refusal('E_TOO_MANY_TRIES', 'too many wrong passwords came from this address', WAIT)
    if (checks >= MOST_CHECKS)
      throw refusal('E_BUSY', 'too many passwords are being checked', 'Ask again in a few seconds.')
    checks++
    try {
      const hash = users.get(name)
      const isRight = await compare(password, hash ?? NOBODY)
      if (!isRight || hash === undefined) {
        noteWrong(address)
        return false
      }
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
    async admits(header = '', address) {
      const [, scheme = '', value = ''] = /^(\w+) +(.+)$/.exec(header) ?? []
      if (scheme.toLowerCase() === 'bearer') return isToken(value)
      const { name, password } = namedIn(header)
      if (name === undefined || password === undefined) return false
      // A browser asks for a name and a password, so a token is accepted as the password of any name.
      return isToken(password) || isUser(name, password, address)
    },
  }
}

/** The name and password of a Basic header, not checked. */
export function namedIn(header = ''): { readonly name?: string; readonly password?: string } {
  const [, value = ''] = /^basic +(.+)$/i.exec(header) ?? []
  const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString()) ?? []
  return name === undefined || password === undefined ? {} : { name, password }
}

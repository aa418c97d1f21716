import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { PasswordChecks } from './password-checks.ts'

/** Who may ask: tokens, and names with the bcrypt hashes of their passwords. */
export type Access = {
  readonly tokens: readonly string[]
  readonly users: ReadonlyMap<string, string>
}

/** Decides whether an Authorization header, sent from an address, belongs to somebody who may ask. */
export type Gate = { admits(header: string | undefined, address: string): Promise<boolean> }

type GateKeeping = { readonly clock: Pick<Clock, 'nowMs'>; readonly log: Pick<Log, 'warn'> }

/** Compares in constant time and stores no password: timing reveals neither a secret nor its length. */
export function createGate({ tokens, users }: Access, { clock, log }: GateKeeping): Gate {
  const key = randomBytes(32)
  const digest = (text: string) => createHmac('sha256', key).update(text).digest()
  const known = tokens.map(digest)
  const passwords = new PasswordChecks(users, { digest, clock, log })
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
      return isToken(password) || passwords.isUser({ name, password }, address)
    },
  }
}

/** The name and password of a Basic header, not checked. */
export function namedIn(header = ''): { readonly name?: string; readonly password?: string } {
  const [, value = ''] = /^basic +(.+)$/i.exec(header) ?? []
  const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString()) ?? []
  return name === undefined || password === undefined ? {} : { name, password }
}

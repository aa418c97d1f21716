import type { Receiver } from './receiver-schema.ts'
import { type Env, readSecret } from './secret.ts'

/** Shorter parts of an address are ordinary words that occur in many texts. */
const LEAST_CHARS = 4

/** A text of somebody else (a client, a server) without the secrets of a receiver, wherever it got them from. */
export function masked(text: string, receiver: Receiver, env: Env): string {
  return secretsOf(receiver, env)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, '«secret»'), text)
}

function secretsOf(receiver: Receiver, env: Env): string[] {
  return Object.entries(receiver).flatMap(([key, name]) => {
    if (typeof name !== 'string' || !/_(?:env|file)$/.test(key)) return []
    const value = secretFrom(key.endsWith('_env') ? { env: name } : { file: name }, env)
    if (value === undefined) return []
    return [value, ...(key.startsWith('url_') ? partsOf(value) : [])]
  })
}

function secretFrom(from: Parameters<typeof readSecret>[0], env: Env): string | undefined {
  try {
    return readSecret(from, env)
  } catch {
    return undefined
  }
}

/** The parts of an address that may be secret: user, password, path and parameters. */
function partsOf(text: string): string[] {
  if (!URL.canParse(text)) return []
  const { href, username, password, pathname, search } = new URL(text)
  const parts = [href, username, password, safelyDecoded(password), pathname, search]
  return parts.filter((part) => part.length >= LEAST_CHARS)
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

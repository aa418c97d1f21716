import { usageError } from '../../../errors.ts'
import { type Env, readSecret } from './secret.ts'

/** Where a receiver's address comes from. */
export type AddressFrom = {
  readonly url?: string | undefined
  readonly url_env?: string | undefined
  readonly url_file?: string | undefined
  readonly token_env?: string | undefined
  readonly token_file?: string | undefined
}

/** Where to post, and the headers that authenticate us. */
export type Address = { readonly url: string; readonly headers: Readonly<Record<string, string>> }

/**
 * Reads the address of a receiver, each time anew. A user and password in it are moved into a header, as clients do not
 * accept them in an address; so is a token. Errors name the variable or file, never its content.
 */
export function addressOf(from: AddressFrom, env: Env): Address {
  const { url_env, url_file, token_env, token_file } = from
  const place = url_env === undefined ? (url_file ?? 'url') : `the variable ${url_env}`
  const url = parsed(from.url ?? readSecret({ env: url_env, file: url_file }, env) ?? '', place)
  const token = readSecret({ env: token_env, file: token_file }, env)
  const basic = url.username === '' && url.password === '' ? undefined : basicOf(url, place)
  if (token !== undefined && basic !== undefined) {
    throw usageError(
      'E_SECRET',
      `${place} has a password, and there is a token, too`,
      'Leave one of them out.',
    )
  }
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    const named = token_env === undefined ? token_file : `the variable ${token_env}`
    throw usageError('E_SECRET', `${named} has characters that no token may have`, 'Write the token alone.')
  }
  const authorization = token === undefined ? basic : `Bearer ${token}`
  url.username = ''
  url.password = ''
  return { url: url.href, headers: authorization === undefined ? {} : { authorization } }
}

function parsed(text: string, place: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url
  throw usageError('E_SECRET', `${place} holds no address`, 'Write one like https://host/path.')
}

function basicOf({ username, password }: URL, place: string): string {
  try {
    const pair = [username, password].map(decodeURIComponent).join(':')
    return `Basic ${Buffer.from(pair).toString('base64')}`
  } catch {
    throw usageError(
      'E_SECRET',
      `${place} has a user or a password with a % that is no escape`,
      'Write %25 for each % in them.',
    )
  }
}

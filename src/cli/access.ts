import { readFileSync } from 'node:fs'
import type { Config } from '../config.ts'
import { errorCode, usageError } from '../errors.ts'
import type { Access } from '../web/gate.ts'

/** A shorter token can be guessed. */
const LEAST_TOKEN = 16
const BCRYPT = /^([^:]+):(\$2[aby]\$\d\d\$[./A-Za-z0-9]{53})$/

/** Reads who may ask; undefined if anybody may. Throws a usage error for a file or variable that cannot be used. */
export function loadAccess(
  { auth }: Config,
  env: Readonly<Record<string, string | undefined>>,
): Access | undefined {
  if (auth === undefined) return undefined
  const { usersFile, tokenFile, tokenEnv } = auth
  const tokens = [
    ...(tokenFile === undefined
      ? []
      : [checked(read(tokenFile, 'tokenFile'), `auth.tokenFile ${tokenFile}`)]),
    ...(tokenEnv === undefined ? [] : [checked(env[tokenEnv] ?? '', `auth.tokenEnv ${tokenEnv}`)]),
  ]
  return { tokens, users: usersFile === undefined ? new Map() : usersIn(usersFile) }
}

function usersIn(file: string): Map<string, string> {
  const users = new Map<string, string>()
  for (const [index, line] of read(file, 'usersFile').split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, name, hash] = BCRYPT.exec(line.trim()) ?? []
    if (name === undefined || hash === undefined) {
      throw usageError(
        'E_AUTH_FILE',
        `${file}:${index + 1} is not a name with a bcrypt hash`,
        'Write the file with `htpasswd -B`.',
      )
    }
    users.set(name, hash)
  }
  if (users.size === 0)
    throw usageError('E_AUTH_FILE', `${file} names nobody`, `Add somebody: htpasswd -B ${file} NAME`)
  return users
}

function checked(token: string, where: string): string {
  const trimmed = token.trim()
  if (trimmed.length >= LEAST_TOKEN) return trimmed
  throw usageError(
    'E_AUTH_TOKEN',
    `${where} holds no token of ${LEAST_TOKEN} characters or more`,
    'Make one: openssl rand -hex 32',
  )
}

function read(file: string, key: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw usageError(
      'E_AUTH_FILE',
      `auth.${key} ${file} cannot be read (${errorCode(error)})`,
      'Check the path.',
    )
  }
}

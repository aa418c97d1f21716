import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { errorCode, usageError } from '../../../errors.ts'

/** Where a secret comes from. Never the command line; only a URL that is no secret may stand in the file itself. */
export type SecretFrom = { readonly env?: string | undefined; readonly file?: string | undefined }

export type Env = Readonly<Record<string, string | undefined>>

const Name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable')

/** The keys `NAME_env` and `NAME_file` of a receiver. */
export function secretKeys<Key extends string>(name: Key) {
  const keys = { [`${name}_env`]: Name.optional(), [`${name}_file`]: z.string().min(1).optional() }
  return keys as Record<`${Key}_env` | `${Key}_file`, z.ZodOptional<z.ZodString>>
}

/**
 * Reads a secret, each time anew, so that a changed file counts at once; undefined if none is configured. Errors give its
 * name, never its value.
 */
export function readSecret({ env, file }: SecretFrom, variables: Env): string | undefined {
  if (env !== undefined) {
    const value = variables[env]
    if (value !== undefined && value !== '') return value
    throw usageError('E_SECRET', `the variable ${env} is not set`, 'Set it in the environment of dcvlens.')
  }
  if (file === undefined) return undefined
  const value = textOf(file).trim()
  if (value !== '') return value
  throw usageError('E_SECRET', `${file} is empty`, 'Write the secret into it, for dcvlens alone to read.')
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw usageError(
      'E_SECRET',
      `${file} cannot be read (${errorCode(error)})`,
      'Check the path and that dcvlens may read it.',
    )
  }
}

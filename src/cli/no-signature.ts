import { type OpsError, usageError } from '../errors.ts'

/** The error for an unknown signature id. */
export function noSignature(id: string): OpsError {
  return usageError(
    'E_SIGNATURE',
    `no signature has the id ${id}`,
    'See `dcvlens signatures` for those that are known.',
  )
}

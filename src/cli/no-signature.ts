import { type OpsError, usageError } from '../errors.ts'

/** What to say where no signature has the id that was given. */
export function noSignature(id: string): OpsError {
  return usageError(
    'E_SIGNATURE',
    `no signature has the id ${id}`,
    'See `dcvlens signatures` for those that are known.',
  )
}

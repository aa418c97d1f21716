import { OpsError } from '../errors.ts'
import type { Io } from './io.ts'

/** Throws if the program was told to stop, since a partial result may mislead. */
export function throwIfStopped({ signal }: Pick<Io, 'signal'>, before: string, hint = 'Run it again.'): void {
  if (signal.aborted) throw new OpsError('E_STOPPED', `stopped before ${before}`, hint)
}

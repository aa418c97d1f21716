import { resolve } from 'node:path'
import type { FilesTally } from '../collect/files-tally.ts'
import { isPartly } from '../collect/packing.ts'
import { OpsError } from '../errors.ts'

/**
 * Throws an error if a named file could not be read, or a compressed one or a bundle not to its end. To be called after
 * everything else is reported.
 */
export function checkBundles(paths: readonly string[], { broken, notRead }: FilesTally): void {
  for (const name of paths) {
    const file = [...broken, ...notRead].find(({ path }) => path === resolve(name))
    if (file === undefined) continue
    throw new OpsError(
      'E_NOT_READ',
      `${name} could not be read${isPartly(file) ? ' to its end' : ''}: ${file.reason} (${file.detail})`,
      file.reason === 'bomb'
        ? 'If you trust it, unpack it yourself and name the folder.'
        : 'What could be read was read. Get the file again, or unpack it yourself and name the folder.',
    )
  }
}

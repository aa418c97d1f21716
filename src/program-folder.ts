import { join } from 'node:path'

/** Where the program lies, with what is built and shipped for it: this module and all others are packed into one folder. */
export const PROGRAM_FOLDER = import.meta.dirname

/** Where its package lies, with `package.json` and the shipped rules. */
export const PACKAGE_FOLDER = join(PROGRAM_FOLDER, '..')

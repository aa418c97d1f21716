import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { onTestFinished } from 'vitest'

type Name = 'openSync' | 'readSync' | 'fstatSync'

/** Puts another function in the place of one of `node:fs`, for this process, until the returned one is called. */
export function replacing(
  name: Name,
  make: (whole: (...args: unknown[]) => unknown) => (...args: unknown[]) => unknown,
): () => void {
  const whole = fs[name] as (...args: unknown[]) => unknown
  Object.assign(fs, { [name]: make(whole) })
  syncBuiltinESMExports()
  return () => {
    Object.assign(fs, { [name]: whole })
    syncBuiltinESMExports()
  }
}

/** Makes a call of `node:fs` fail where its first argument is such, until the returned function is called. */
export function failing(name: Name, code: string, when: (first: unknown) => boolean): () => void {
  const heal = replacing(name, (whole) => (...args) => {
    if (when(args[0])) throw Object.assign(new Error(`${code}: made to fail`), { code })
    return whole(...args)
  })
  onTestFinished(heal)
  return heal
}

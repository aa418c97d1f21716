/**
 * For `node --import`: while the file $HANGS exists, calls to the file system that reach below $HANGING never come back, as
 * on a hard mount whose server is gone. The file itself lies elsewhere. With $HANGS_AT, the server goes as soon as anybody
 * has read of the file with that path.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const { HANGING = '', HANGS = '', HANGS_AT = '' } = process.env
const { existsSync, writeFileSync } = fs
/** The paths of open files there, by descriptor. */
const far = new Map()
const reaches = (what) =>
  (typeof what === 'number' ? far.has(what) : String(what).startsWith(HANGING)) && existsSync(HANGS)
const never = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)

for (const [name, whole] of Object.entries(fs)) {
  if (typeof whole !== 'function' || !/^(?:open|read|f?stat|lstat|readdir|realpath|access|exists)/.test(name))
    continue
  if (name.endsWith('Sync')) {
    fs[name] = (first, ...rest) => {
      if (reaches(first)) never()
      const given = whole(first, ...rest)
      if (name === 'readSync' && HANGS_AT !== '' && far.get(first) === HANGS_AT) writeFileSync(HANGS, '')
      if (name === 'openSync' && String(first).startsWith(HANGING)) far.set(given, String(first))
      return given
    }
  } else fs[name] = (first, ...rest) => (reaches(first) ? undefined : whole(first, ...rest))
}
for (const name of ['open', 'stat', 'lstat', 'readdir', 'realpath', 'access', 'readFile']) {
  const whole = fs.promises[name]
  fs.promises[name] = (first, ...rest) => (reaches(first) ? new Promise(() => {}) : whole(first, ...rest))
}
syncBuiltinESMExports()

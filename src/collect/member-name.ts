import { PackedFault } from './packing.ts'

const MAX_NAME = 4096
/** Characters that cannot be shown, or that change how the following ones are shown. */
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\ufffd]/u

/**
 * The name of a member as a path within its bundle, without `./` and, as tar and unzip do, without a leading `/`. Throws a fault for a name that leads out of the bundle or
 * cannot be shown as it is. Nothing is ever written under such a name, but a misleading one would be believed.
 */
export function memberName(name: string): string {
  const shown = JSON.stringify(name.slice(0, 200))
  if (UNSHOWABLE.test(name)) throw new PackedFault('bad-name', `${shown} has characters that cannot be shown`)
  if (name.length > MAX_NAME) throw new PackedFault('bad-name', `${shown}… is longer than a path can be`)
  if (/^(?:\\|[a-z]:)/i.test(name)) throw new PackedFault('bad-name', `${shown} is an absolute path`)
  const parts = name.split('/').filter((part) => part !== '.' && part !== '')
  if (name.split(/[\\/]/).includes('..'))
    throw new PackedFault('bad-name', `${shown} leads out of the bundle`)
  if (parts.length === 0) throw new PackedFault('bad-name', `${shown} is not a name`)
  return parts.join('/')
}

import { measure } from './byte-set.ts'
import { SAMPLED_BYTES } from './entered-needle.ts'

/** Literals of which every match contains at least one. */
export type Needles = readonly string[]

/** Beyond this length a longer needle is no rarer in practice. */
const TELLING_BYTES = 16
/** Names and phrases that healthy logs repeat: a needle is hardly rarer for containing one, which counts as COMMON_BYTES. */
const COMMON = [
  ...['amazonaws.com', 'nice-xdcv', 'xorg-x11-server', 'kernel-devel', 'linux-headers', 'dbus-daemon'],
  ...['systemctl status', 'torage-root', "Session '"],
]
const COMMON_BYTES = 3
/** The cost of each further needle of a set, compared with 2^-length for the hits that a needle causes. */
const NEEDLE_COST = 2 ** -14

/**
 * Needles for texts that contain at least one of these literals; undefined if one of them has no part that can be searched
 * for.
 */
export function needlesOf(literals: readonly string[]): Needles | undefined {
  const needles = literals.map(longestCleanPart)
  return needles.includes('') ? undefined : withoutCovered(needles)
}

/** The set that costs the search least, among sets that are each sufficient; undefined if there is none. */
export function cheapest(sets: readonly (Needles | undefined)[]): Needles | undefined {
  let best: { needles: Needles; cost: number } | undefined
  for (const needles of sets) {
    if (needles === undefined) continue
    const cost = costOf(needles)
    if (best === undefined || cost < best.cost) best = { needles, cost }
  }
  return best?.needles
}

/** All of the sets together, for alternatives; undefined if any of them is. */
export function union(sets: readonly (Needles | undefined)[]): Needles | undefined {
  const all: string[] = []
  for (const needles of sets) {
    if (needles === undefined) return undefined
    all.push(...needles)
  }
  return all.length > 0 ? withoutCovered(all) : undefined
}

/** The longest part without what cleaning may alter: control characters, U+FFFD and halves of surrogate pairs. */
function longestCleanPart(text: string): string {
  const parts = text.split(/[\0-\x1f\x7f-\x9f\ufffd\p{Surrogate}]/u)
  return parts.reduce((best, part) => (measure(part).bytes > measure(best).bytes ? part : best), '')
}

/** A needle that contains another one is not needed beside it. */
function withoutCovered(needles: Needles): Needles {
  const different = [...new Set(needles)]
  return different.filter((needle) => !different.some((other) => other !== needle && needle.includes(other)))
}

/** Few and long needles cost least; each one that is too short for the word table is searched on its own, which costs most. */
function costOf(needles: Needles): number {
  const costs = needles.map((needle) => {
    const { bytes, known, choices } = measure(needle)
    const telling = Math.min(tellingBytes(needle, (bytes + known) / 2), TELLING_BYTES)
    return 2 ** -telling + NEEDLE_COST * (1 + choices / 256) + (bytes < SAMPLED_BYTES ? 1 + 2 ** -bytes : 0)
  })
  return costs.reduce((sum, cost) => sum + cost, 0)
}

function tellingBytes(needle: string, bytes: number): number {
  const common = COMMON.find((name) => needle.includes(name))
  return bytes - (common === undefined ? 0 : common.length - COMMON_BYTES)
}

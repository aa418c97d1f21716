import { CASE_BIT } from './byte-set.ts'

/** Printable bytes of logs, about the most frequent first; others are rarer still. */
const FREQUENT =
  ' eatoinrs0lcd1-2mup/3gf.58hb4679:_vyk"=,[]\'xw()SEITAROCDNjLPqMzFU;GB>HV<WX+*YK{}#|%$&@?!JZQ\\~`^'

/** By byte: the higher, the rarer in logs. */
const RANKS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const rank = FREQUENT.indexOf(String.fromCharCode(byte))
  return rank < 0 ? FREQUENT.length : rank
})

/** The same for bytes that are compared without their case: as frequent as the more frequent of the two. */
const FOLDED_RANKS = RANKS.map((rank, byte) => Math.min(rank, RANKS[byte ^ CASE_BIT] as number))

/** How rare the four bytes at `at` are together in logs, in any case: the higher, the rarer; only for comparisons. */
export function rarityOfWord(bytes: Buffer, at: number): number {
  let sum = 0
  for (let i = at; i < at + 4; i++) sum += FOLDED_RANKS[bytes[i] as number] as number
  return sum
}

/** The position of the rarest byte of a needle, the first of several. */
export function rarestByte(needle: Buffer): number {
  return rarestOutside(needle, needle.length, RANKS)
}

/** The same in any case, outside the four bytes at `wordAt`. */
export function rarestBeside(needle: Buffer, wordAt: number): number {
  return rarestOutside(needle, wordAt, FOLDED_RANKS)
}

function rarestOutside(needle: Buffer, wordAt: number, ranks: Uint8Array): number {
  const rankAt = (at: number) => ranks[needle[at] as number] as number
  let best = wordAt === 0 ? 4 : 0
  for (let at = 0; at < needle.length; at++) {
    if (at >= wordAt && at < wordAt + 4) continue
    if (rankAt(at) > rankAt(best)) best = at
  }
  return best
}

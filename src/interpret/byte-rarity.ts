/** Printable bytes of logs, about the most frequent first; others are rarer still. */
const FREQUENT =
  ' eatoinrs0lcd1-2mup/3gf.58hb4679:_vyk"=,[]\'xw()SEITAROCDNjLPqMzFU;GB>HV<WX+*YK{}#|%$&@?!JZQ\\~`^'

/** By byte: the higher, the rarer in logs. */
const RANKS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const rank = FREQUENT.indexOf(String.fromCharCode(byte))
  return rank < 0 ? FREQUENT.length : rank
})

/** How rare the four bytes at `at` are together in logs: the higher, the rarer; only to be compared with another word's. */
export function rarityOfWord(bytes: Buffer, at: number): number {
  return rankAt(bytes, at) + rankAt(bytes, at + 1) + rankAt(bytes, at + 2) + rankAt(bytes, at + 3)
}

/** The position of the rarest byte of a needle, the first of several; outside the four bytes at `wordAt`, if that is given. */
export function rarestByte(needle: Buffer, wordAt: number = needle.length): number {
  let best = wordAt === 0 ? 4 : 0
  for (let i = 0; i < needle.length; i++) {
    if (i >= wordAt && i < wordAt + 4) continue
    if (rankAt(needle, i) > rankAt(needle, best)) best = i
  }
  return best
}

function rankAt(bytes: Buffer, at: number): number {
  return RANKS[bytes[at] as number] as number
}

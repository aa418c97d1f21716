import { constants } from 'node:zlib'

/** What grows smaller when it is packed. Events of a live stream would wait until a block is full. */
const TYPES = /^text\/(?!event-stream)|[/+](?:json|x-ndjson|javascript|xml)(?:;|$)/u

/** How answers are packed for who can unpack them. Packed bodies are not taken: they could be bombs. */
export const PACKING = {
  globalDecompression: false,
  encodings: ['br' as const, 'gzip' as const],
  customTypes: TYPES,
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
}

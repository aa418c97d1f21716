import { constants } from 'node:zlib'

/** Types of content that compress well. Not event streams, which would be delayed until a block is full. */
const TYPES = /^text\/(?!event-stream)|[/+](?:json|x-ndjson|javascript|xml)(?:;|$)/u

/** How answers are compressed. Compressed requests are refused, since they could be bombs. */
export const PACKING = {
  globalDecompression: false,
  encodings: ['br' as const, 'gzip' as const],
  customTypes: TYPES,
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
}

import { setImmediate } from 'node:timers/promises'
import { errorCode } from '../errors.ts'
import type { Collected, Feed } from './feed.ts'
import { type GzipFile, unpackGzip } from './gzip-file.ts'
import type { Found } from './log-names.ts'
import type { NotRead } from './not-read.ts'
import { type FeedContext, openFeed, READ_NOW } from './open-feed.ts'
import { openPacked, type PackedFile } from './packed-feed.ts'
import { packingOf } from './packing.ts'

type Tell = (file: NotRead) => void

/**
 * Reads the current content of files to their ends, one after the other; a last record without a newline is flushed. A chunk
 * must be used up before the next one is requested.
 */
export async function* readAll(
  files: Iterable<Found>,
  context: FeedContext,
  onNotRead: Tell,
): AsyncGenerator<Collected> {
  for (const file of files) {
    if (packingOf(file.path) === 'gzip') yield* readGzip(file, context, onNotRead)
    else yield* readPlain(file, context, onNotRead)
    await setImmediate()
  }
}

/** Reads unpacked content to its end, and reports if it is incomplete. */
export function* readPacked(file: PackedFile, context: FeedContext, onNotRead: Tell): Generator<Collected> {
  const { fault, path, size } = file
  if (fault !== undefined) onNotRead({ path, reason: fault.reason, detail: fault.message, isTold: size > 0 })
  const feed = openPacked(file, context)
  if (!('refused' in feed)) yield* readToEnd(feed, context, onNotRead)
}

async function* readGzip(file: Found, context: FeedContext, onNotRead: Tell): AsyncGenerator<Collected> {
  const unpacked = await unpackGzip(file, context)
  if (!('refused' in unpacked)) {
    yield* readPacked(unpacked, context, onNotRead)
    return
  }
  const why = whyNot(unpacked)
  if (why !== undefined) onNotRead({ path: file.path, ...why })
}

function whyNot(file: Exclude<GzipFile, PackedFile>): Omit<NotRead, 'path'> | undefined {
  if (file.refused === 'known') {
    const { fault, bytes } = file.before
    return fault && { ...fault, isTold: bytes > 0 }
  }
  const { detail } = file
  return { reason: file.refused === 'useless' ? file.reason : file.refused, detail }
}

function* readPlain({ path, place }: Found, context: FeedContext, onNotRead: Tell): Generator<Collected> {
  const feed = openFeed(path, place, READ_NOW, context)
  // A copy of stored content misses nothing.
  if ('refused' in feed && feed.refused === 'stored') return
  if ('refused' in feed) onNotRead({ path, reason: feed.refused, detail: feed.detail })
  else yield* readToEnd(feed, context, onNotRead)
}

function* readToEnd(feed: Feed, context: FeedContext, onNotRead: Tell): Generator<Collected> {
  try {
    for (let atEnd = false; !atEnd; ) {
      const read = readOn(feed)
      if (typeof read === 'string') {
        onNotRead({ path: feed.path, reason: 'unreadable', detail: read })
        break
      }
      if (read.collected !== undefined) yield read.collected
      atEnd = read.state !== 'more'
    }
  } finally {
    feed.leave(context.known)
    feed.close()
  }
}

/** The next chunk, or the system's error code. */
function readOn(feed: Feed): ReturnType<Feed['read']> | string {
  try {
    return feed.read('nothing')
  } catch (error) {
    const code = errorCode(error)
    if (code === '') throw error
    return code
  }
}

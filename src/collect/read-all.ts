import { setImmediate } from 'node:timers/promises'
import { errorCode } from '../errors.ts'
import type { Found, NotRead } from './discover.ts'
import { type Collected, type Feed, type FeedContext, openFeed } from './feed.ts'

/**
 * Reads what is in the files now, one after the other, to their ends; a last record without its newline is flushed.
 * Each chunk must be used up before the next is asked for.
 */
export async function* readAll(
  files: Iterable<Found>,
  context: FeedContext,
  onNotRead: (file: NotRead) => void,
): AsyncGenerator<Collected> {
  for (const { path, place } of files) {
    const feed = openFeed(path, place, { settle: true }, context)
    if ('refused' in feed) {
      onNotRead({ path, reason: feed.refused, detail: feed.detail })
      continue
    }
    try {
      for (let atEnd = false; !atEnd; ) {
        const read = readOn(feed)
        if (typeof read === 'string') {
          onNotRead({ path, reason: 'unreadable', detail: read })
          break
        }
        if (read.collected !== undefined) yield read.collected
        atEnd = read.bytes === 0
      }
    } finally {
      feed.leave(context.known)
      feed.close()
    }
    await setImmediate()
  }
}

/** The next piece, or the system's code of why it cannot be read. */
function readOn(feed: Feed): ReturnType<Feed['read']> | string {
  try {
    return feed.read('nothing')
  } catch (error) {
    const code = errorCode(error)
    if (code === '') throw error
    return code
  }
}

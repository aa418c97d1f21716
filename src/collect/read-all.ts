import { setImmediate } from 'node:timers/promises'
import type { Found } from './discover.ts'
import { type Collected, type FeedContext, openFeed } from './feed.ts'

/** A file that was not read, and why. */
export type NotRead = { readonly path: string; readonly reason: string; readonly detail: string }

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
    const feed = openFeed(path, place, true, context)
    if ('refused' in feed) {
      onNotRead({ path, reason: feed.refused, detail: feed.detail })
      continue
    }
    try {
      for (let atEnd = false; !atEnd; ) {
        const { bytes, collected } = feed.read('nothing')
        if (collected !== undefined) yield collected
        atEnd = bytes === 0
      }
    } finally {
      feed.close(context.known)
    }
    await setImmediate()
  }
}

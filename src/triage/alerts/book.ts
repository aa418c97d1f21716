import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Groups } from './groups.ts'
import type { Instances } from './instances.ts'
import type { Memory } from './memory.ts'
import { EMPTY_OUTBOX, type Outbox } from './outbox.ts'
import type { Silence } from './silence.ts'

/** Everything that alerting must not forget. */
export type Page = {
  readonly memory?: Memory
  readonly instances: Instances
  readonly groups: Groups
  readonly outbox: Outbox
  readonly silences: readonly Silence[]
}

const EMPTY: Page = { instances: {}, groups: {}, outbox: EMPTY_OUTBOX, silences: [] }
const FORM = 1

/**
 * The state of alerting in one file, replaced as a whole (write, fsync, rename, fsync): an alert, the fact that it was
 * reported, and its notice are saved together or not at all. So a crash never loses a notice and never creates one twice; one
 * that was sent but not yet removed is sent again under the same id.
 */
export type Book = {
  /** The newest page that is on disk. */
  readonly page: Page
  /** Derives the next page from the newest one; durable when it resolves. Changes run one after the other. */
  change(turn: (page: Page) => Page): Promise<Page>
  /** Waits for a write in progress. */
  close(): Promise<void>
}

/** Opens the book in a folder. A file that cannot be read is set aside, and its new path is passed to `onDamaged`. */
export function openBook(folder: string, onDamaged: (path: string) => void): Book {
  mkdirSync(folder, { recursive: true, mode: 0o750 })
  const path = join(folder, 'state.json')
  let page = readPage(path, onDamaged)
  let last: Promise<unknown> = Promise.resolve()
  return {
    get page() {
      return page
    },
    change(turn) {
      const change = last.then(async () => {
        const next = turn(page)
        if (next !== page) await write(folder, path, next)
        page = next
        return next
      })
      last = change.catch(() => {})
      return change
    },
    close: async () => {
      await last
    },
  }
}

function readPage(path: string, onDamaged: (path: string) => void): Page {
  if (!existsSync(path)) return EMPTY
  try {
    const { form, ...page } = JSON.parse(readFileSync(path, 'utf8')) as Page & { readonly form: number }
    if (form === FORM) return page
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  renameSync(path, `${path}.damaged`)
  onDamaged(`${path}.damaged`)
  return EMPTY
}

async function write(folder: string, path: string, page: Page): Promise<void> {
  const file = await open(`${path}.tmp`, 'w', 0o600)
  try {
    await file.writeFile(JSON.stringify({ form: FORM, ...page }))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.tmp`, path)
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { createBatchNames } from '../../src/store/batch.ts'
import { openEmbedded, type Store } from '../../src/store/client.ts'
import { Inserter } from '../../src/store/inserter.ts'
import { openJournal } from '../../src/store/journal.ts'
import { migrate } from '../../src/store/migrate.ts'
import type { EventWriting } from '../../src/triage/rules/apply.ts'
import { tempDir } from '../support/temp-dir.ts'

/** A store with empty tables, until the test is over. */
export async function emptyStore(): Promise<Store> {
  const store = await openEmbedded(join(tempDir(), 'store'))
  onTestFinished(() => store.close())
  await migrate(store)
  return store
}

/** The end of the write path of one run on a journal; what an earlier run left there is stored first. */
export async function startRun(
  store: Store,
  folder: string,
  { clock = systemClock, writer = 't' } = {},
): Promise<EventWriting<string>> {
  const journal = openJournal<string>(folder)
  const inserter = new Inserter<string>({
    ...{ store, journal, clock, signal: new AbortController().signal, maxPendingBytes: 1 << 20 },
    ...{ giveUpMs: 0, refused: tempDir(), commit: async () => {}, onStored: () => {} },
    ...{ onTrouble: () => {}, onSetAside: () => {} },
  })
  await inserter.recover(journal.recover())
  const stored = () => inserter.settled()
  return { store, journal, inserter, names: createBatchNames(writer), stored, clock }
}

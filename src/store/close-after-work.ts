import { OpsError } from '../errors.ts'
import type { OpenStore, Store } from './client.ts'

/**
 * The same store, closed only after all running work: closing a connection of the embedded engine while it answers crashes
 * the process. Once closing has begun, new work is refused with E_STOPPING.
 */
export function closedAfterWork(store: OpenStore): OpenStore {
  const underWay = new Set<Promise<unknown>>()
  let isClosing = false
  const whileOpen = async <T>(begin: () => Promise<T>): Promise<T> => {
    if (isClosing) throw new OpsError('E_STOPPING', 'the service is stopping', 'Ask again when it runs.')
    const work = begin()
    underWay.add(work)
    try {
      return await work
    } finally {
      underWay.delete(work)
    }
  }
  const guarded = (one: Store): Store => ({
    ...one,
    query: (sql, params) => whileOpen(() => one.query(sql, params)),
    command: (sql, params) => whileOpen(() => one.command(sql, params)),
    insertNative: (table, file, queryId) => whileOpen(() => one.insertNative(table, file, queryId)),
    cluster: () => whileOpen(() => one.cluster()),
    close: async () => {
      isClosing = true
      await Promise.allSettled(underWay)
      await store.close()
    },
  })
  return { ...guarded(store), questions: () => guarded(store.questions()) }
}

import { useEffect, useState } from 'preact/hooks'

/** A value that several parts of the page share. */
export type Shared<T> = {
  get(): T
  set(value: T): void
  /** Calls back after each change, until the returned function is called. */
  watch(onChange: () => void): () => void
}

/** Makes a shared value; setting it to an equal value notifies nobody. */
export function shared<T>(initial: T): Shared<T> {
  let value = initial
  const watchers = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const watcher of [...watchers]) watcher()
    },
    watch(onChange) {
      watchers.add(onChange)
      return () => watchers.delete(onChange)
    },
  }
}

/** The current shared value; the component is drawn again when it changes. */
export function useShared<T>(state: Shared<T>): T {
  const [value, setValue] = useState(state.get())
  useEffect(() => {
    setValue(() => state.get())
    return state.watch(() => setValue(() => state.get()))
  }, [state])
  return value
}

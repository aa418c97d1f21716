import { useEffect, useState } from 'preact/hooks'

/** A value that several parts of the page look at. */
export type Shared<T> = {
  get(): T
  set(value: T): void
  /** Calls back after each change; the returned function ends that. */
  watch(onChange: () => void): () => void
}

/** Makes a shared value; setting the same value again tells nobody. */
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

/** The shared value as it is now; the component is drawn again when it changes. */
export function useShared<T>(state: Shared<T>): T {
  const [value, setValue] = useState(state.get())
  useEffect(() => {
    setValue(() => state.get())
    return state.watch(() => setValue(() => state.get()))
  }, [state])
  return value
}

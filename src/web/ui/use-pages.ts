import { useEffect, useState } from 'preact/hooks'
import type { Items } from './answers.ts'
import { ApiError, addressOf, askAddress, type Params } from './api.ts'

/** A long answer, page by page. */
export type Pages<Item> = {
  readonly items: readonly Item[] | undefined
  readonly error: ApiError | undefined
  readonly isLoading: boolean
  /** Asks for the next page; undefined on the last one. */
  readonly more: (() => void) | undefined
}

type Known<Item> = {
  readonly address: string
  readonly items: readonly Item[]
  readonly next: string | undefined
}

/** The first page of an answer, and the following ones on demand. Without a path, nothing is asked. */
export function usePages<Item>(path: string | undefined, params: Params): Pages<Item> {
  const address = path === undefined ? '' : addressOf(path, params)
  const [known, setKnown] = useState<Known<Item>>({ address: '', items: [], next: undefined })
  const [fault, setFault] = useState<{ address: string; error: ApiError }>()
  const [cursor, setCursor] = useState<{ address: string; value: string }>()
  const behind = cursor?.address === address ? cursor.value : undefined

  useEffect(() => {
    if (address === '') return
    const stop = new AbortController()
    const wanted = behind === undefined ? address : `${address}&cursor=${encodeURIComponent(behind)}`
    askAddress<Items<Item>>(wanted, stop.signal)
      .then(({ items, next }) => {
        setKnown((before) => ({
          address,
          items: behind === undefined || before.address !== address ? items : [...before.items, ...items],
          next,
        }))
        setFault(undefined)
      })
      .catch((cause: unknown) => {
        if (stop.signal.aborted) return
        setFault({
          address,
          error: cause instanceof ApiError ? cause : new ApiError(0, { detail: String(cause) }),
        })
      })
    return () => stop.abort()
  }, [address, behind])

  const isOurs = known.address === address
  const { next } = known
  return {
    items: isOurs ? known.items : undefined,
    error: fault?.address === address ? fault.error : undefined,
    isLoading: address !== '' && !isOurs && fault?.address !== address,
    more: isOurs && next !== undefined ? () => setCursor({ address, value: next }) : undefined,
  }
}

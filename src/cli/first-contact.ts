import type { Clock } from '../clock.ts'
import { OpsError } from '../errors.ts'
import type { Store } from '../store/client.ts'
import type { Io } from './io.ts'

/** What waiting for a store needs. */
export type Waiting = {
  readonly clock: Clock
  /** Aborts when the program is told to stop. */
  readonly signal: AbortSignal
  /** Receives a message that says what is waited for. */
  readonly tell: (text: string) => void
}

/** A command waits until it is told to stop; it prints what it waits for on stderr. */
export function waitingBy({ clock, signal, err }: Io): Waiting {
  return { clock, signal, tell: (text) => err(`${text}\n`) }
}

/** A reachable server answers sooner, even one that a request wakes up. */
const CONTACT_MS = 15_000
/** Shorter waits are not reported. */
const TOLD_MS = 2000

/**
 * Waits until a server answers for the first time; throws if it does not answer in time or the program is told to stop. Any
 * answer counts: a refusal is reported by the next query.
 */
export async function firstContact(
  store: Store,
  url: string,
  { clock, signal, tell }: Waiting,
): Promise<void> {
  const done = new AbortController()
  const shown = withoutPassword(url)
  const contact = store.query('SELECT 1').then(
    () => 'answered' as const,
    () => 'answered' as const,
  )
  const late = clock
    .sleep(TOLD_MS, done.signal)
    .then(
      () => done.signal.aborted || tell(`waiting for the store ${shown} (at most ${CONTACT_MS / 1000} s)`),
    )
    .then(() => clock.sleep(CONTACT_MS - TOLD_MS, done.signal))
    .then(() => 'late' as const)
  try {
    if ((await unlessStopped(Promise.race([contact, late]), signal)) === 'answered') return
    throw new OpsError(
      'E_STORE_DOWN',
      `the store ${shown} does not answer: nothing came in ${CONTACT_MS / 1000} s`,
      'Check that ClickHouse runs there and is not overloaded, and that --store names its HTTP port.',
    )
  } finally {
    done.abort()
  }
}

/** Waits for `work`, but not after the program is told to stop. Only for work that may be abandoned. */
export async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const done = new AbortController()
  const stopped = new Promise<never>((_, reject) => {
    const stop = () => reject(new OpsError('E_STOPPED', 'stopped before the store answered', 'Ask again.'))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true, signal: done.signal })
  })
  work.catch(() => {})
  try {
    return await Promise.race([work, stopped])
  } finally {
    stopped.catch(() => {})
    done.abort()
  }
}

/** The address of a store without the password in it. */
export function withoutPassword(url: string): string {
  const shown = new URL(url)
  shown.password = ''
  return shown.href
}

import type { ServiceAddress } from '../data-dir.ts'
import { errorText, OpsError } from '../errors.ts'
import type { Io } from './io.ts'
import { bodyOf, fetchService, posted, refusal } from './service-client.ts'
import { throwIfStopped } from './stopped.ts'

/** Long work: for whom it is done, and what a stop prevents. */
type Work = { readonly io: Io; readonly goal: string }

/**
 * Asks a running service for long work and yields the lines of its answer as they come. Throws an OpsError if the service
 * refuses, ends before its answer does, or the command is stopped.
 */
export async function* streamed<Row>(
  service: ServiceAddress,
  path: string,
  body: unknown,
  { io, goal }: Work,
): AsyncGenerator<Row> {
  const answered = <T>(ask: () => Promise<T>) => orTrouble(service, { io, goal }, ask)
  const response = await answered(() => fetchService(service, path, { ...posted(body), signal: io.signal }))
  if (!response.ok) throw refusal({ status: response.status, body: await bodyOf(response) })
  let rest = ''
  const decoder = new TextDecoder()
  const reader = response.body?.getReader()
  for (;;) {
    const { done = true, value } = (await answered(async () => reader?.read())) ?? {}
    const lines = `${rest}${decoder.decode(value, { stream: !done })}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield JSON.parse(line) as Row
    if (done) return
  }
}

async function orTrouble<T>({ url }: ServiceAddress, { io, goal }: Work, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    throwIfStopped(io, goal)
    throw new OpsError(
      'E_SERVICE',
      `the running service on ${url} gave no whole answer: ${errorText(cause)}`,
      'Its log says why, unless it is stopping just now. Try again.',
      { cause },
    )
  }
}

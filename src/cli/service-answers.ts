import type { ServiceAddress } from '../data-dir.ts'
import { usageError } from '../errors.ts'
import type { AnswerItem, Page, Question } from '../triage/answers.ts'
import type { HistoryJson, SignatureJson } from '../triage/novelty/ask-signatures.ts'
import type { Change } from '../triage/novelty/change-state.ts'
import type { Answers, Params } from './answers.ts'
import { callService, posted, refusal } from './service-client.ts'
import { refusedByService } from './unknown-names.ts'

/** The answers of a running service, which keeps running when they are closed. */
export function serviceAnswers(service: ServiceAddress, signal: AbortSignal): Answers {
  return {
    by: 'service',
    ask: (question, params) => askService(service, question, params, signal),
    change: (id, change) => changeState(service, id, change, signal),
    history: (id) => historyOf(service, id, signal),
    close: async () => {},
  }
}

/** Asks a running service for one page. */
export async function askService(
  service: ServiceAddress,
  question: Question,
  params: Params,
  signal: AbortSignal,
): Promise<Page<AnswerItem>> {
  const reply = await callService(service, `/api/v1/${question}?${new URLSearchParams(params)}`, signal)
  if (reply.ok) return reply.body as unknown as Page<AnswerItem>
  if (reply.status === 404 && reply.body.field !== undefined) throw refusedByService(reply.body)
  // What is wrong with other values was found before asking; the kinds of logs are the service's own.
  if (reply.status === 400 && reply.body.field === 'source')
    throw usageError('E_OPTION', `--${reply.body.detail}`, reply.body.hint ?? '')
  throw refusal(reply)
}

async function changeState(
  service: ServiceAddress,
  id: string,
  change: Change,
  signal: AbortSignal,
): Promise<SignatureJson | undefined> {
  const reply = await callService(service, `${pathOf(id)}/state`, signal, posted(change))
  if (reply.ok) return reply.body as unknown as SignatureJson
  if (reply.status === 404) return undefined
  throw refusal(reply)
}

async function historyOf(
  service: ServiceAddress,
  id: string,
  signal: AbortSignal,
): Promise<readonly HistoryJson[] | undefined> {
  const reply = await callService(service, pathOf(id), signal)
  if (reply.ok) return (reply.body as unknown as { readonly history: readonly HistoryJson[] }).history
  if (reply.status === 404) return undefined
  throw refusal(reply)
}

function pathOf(id: string): string {
  return `/api/v1/signatures/${encodeURIComponent(id)}`
}

import type { Config } from '../config.ts'
import { collectSeldom } from '../heap.ts'
import { signatureDetail, signatureJson } from '../triage/novelty/ask-signatures.ts'
import { changeState } from '../triage/novelty/change-state.ts'
import type { Answers } from './answers.ts'
import { unlessStopped, waitingBy } from './first-contact.ts'
import type { Io } from './io.ts'
import { loadAnswerRules } from './knowledge.ts'
import { openReadyStore } from './open-store.ts'
import { answerKnown } from './unknown-names.ts'

/** Opens the store to answer from it. For the embedded engine, holds the data directory until it is closed. */
export async function openStoreAnswers(config: Config, io: Io): Promise<Answers> {
  collectSeldom()
  const rules = loadAnswerRules(config)
  const { clock, signal } = io
  const store = await openReadyStore(config, waitingBy(io))
  const library = () => ({ store, ...rules, nowMs: clock.nowMs() })
  return {
    by: 'store',
    ask(question, params) {
      const asked = answerKnown(question, params, library())
      return store.kind === 'server' ? unlessStopped(asked, signal) : asked
    },
    async change(id, change) {
      const changed = await changeState(id, change, library())
      return changed && signatureJson(changed)
    },
    history: async (id) => (await signatureDetail(id, library()))?.history,
    close: () => store.close(),
  }
}

import type { AnswerItem, Page, Question } from '../triage/answers.ts'
import type { HistoryJson, SignatureJson } from '../triage/novelty/ask-signatures.ts'
import type { Change } from '../triage/novelty/change-state.ts'

export type Params = Readonly<Record<string, string>>

/** What answers questions: the running service, or the store that this process has opened. */
export type Answers = {
  readonly by: 'service' | 'store'
  ask(question: Question, params: Params): Promise<Page<AnswerItem>>
  /** Stores a decision about a signature and returns the signature as it is now; undefined if the id is unknown. */
  change(id: string, change: Change): Promise<SignatureJson | undefined>
  /** The decisions about a signature, oldest first; undefined if the id is unknown. */
  history(id: string): Promise<readonly HistoryJson[] | undefined>
  close(): Promise<void>
}

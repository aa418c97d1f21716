import type { AnswerItem, Page, Question } from '../triage/answers.ts'
import type { HistoryJson, SignatureJson } from '../triage/novelty/ask-signatures.ts'
import type { Change } from '../triage/novelty/change-state.ts'

export type Params = Readonly<Record<string, string>>

/** Who answers questions: the running service, or the store that this process has opened. */
export type Answers = {
  readonly by: 'service' | 'store'
  ask(question: Question, params: Params): Promise<Page<AnswerItem>>
  /** Stores a decision about a signature and gives it as it is now; undefined if there is none of this id. */
  change(id: string, change: Change): Promise<SignatureJson | undefined>
  /** What was decided about a signature, the oldest first; undefined if there is none of this id. */
  history(id: string): Promise<readonly HistoryJson[] | undefined>
  close(): Promise<void>
}

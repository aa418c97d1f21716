import type { Config } from '../config.ts'
import type { StoredFile, StoredRow, WindowDigest } from '../store/digest-query.ts'
import type { StoreFacts } from '../store/facts-query.ts'
import type { LedgerRow } from '../store/ledger-query.ts'
import type { AnswerItem } from '../triage/answers.ts'
import type { StoredQuestion } from '../triage/stored-questions.ts'
import type { Answers, Params } from './answers.ts'
import { reachable } from './open-store.ts'

/** Bytes [from, to) of a file that the store refused. */
export type RefusedRange = { readonly from: number; readonly to: number }

/** What `verify` needs to know about the store, asked from the service or from the store itself. */
export type StoredFiles = {
  facts(): Promise<StoreFacts>
  files(): Promise<StoredFile[]>
  digests(fileIds: readonly string[]): Promise<WindowDigest[]>
  /** Ranges that the store refused, by `fileId:generation`. */
  refused(): Promise<ReadonlyMap<string, readonly RefusedRange[]>>
  /** Rows that begin in [from, to), in order; read page by page. */
  rows(fileId: string, generation: number, from: number, to: number): AsyncGenerator<StoredRow>
}

const PAGE_ROWS = 10_000

/** Asks through `answers`; if the store does not answer, the error names it. */
export function openStoredFiles(answers: Answers, config: Config): StoredFiles {
  const ask = async <Item extends AnswerItem>(question: StoredQuestion, params: Params = {}) => {
    const { items } = await reachable(answers.ask(question, params), config)
    return items as Item[]
  }
  return {
    async facts() {
      const [facts] = await ask<StoreFacts>('store')
      if (facts === undefined) throw new Error('the store reports nothing about itself')
      return facts
    },
    files: () => ask<StoredFile>('files'),
    digests: (fileIds) => ask<WindowDigest>('digests', { ids: fileIds.join(',') }),
    async refused() {
      const rows = await ask<LedgerRow>('ledger', { reason: 'refused', limit: `${PAGE_ROWS}` })
      return new Map(
        rows.map(({ file_id, generation, losses }) => [
          `${file_id}:${generation}`,
          losses.map(({ offset, length }) => ({ from: offset, to: offset + length })),
        ]),
      )
    },
    async *rows(fileId, generation, from, to) {
      for (let at = from; ; ) {
        const page = await ask<StoredRow>('rows', {
          ...{ file_id: fileId, generation: `${generation}`, from: `${at}`, to: `${to}` },
          limit: `${PAGE_ROWS}`,
        })
        yield* page
        const last = page.at(-1)
        if (last === undefined || page.length < PAGE_ROWS) return
        at = last.offset + 1
      }
    },
  }
}

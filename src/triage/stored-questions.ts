import { z } from 'zod'
import { LOSS_REASONS } from '../model.ts'
import type { Store } from '../store/client.ts'
import {
  type StoredFile,
  type StoredRow,
  selectDigests,
  selectRows,
  selectStoredFiles,
  type WindowDigest,
} from '../store/digest-query.ts'
import { type StoreFacts, selectStoreFacts } from '../store/facts-query.ts'
import {
  type LedgerPlace,
  type LedgerRow,
  type ReasonRow,
  selectLedger,
  selectLossReasons,
} from '../store/ledger-query.ts'
import { flag, limit, text, time, wholeNumber } from './parameters.ts'
import { cursorText, cursorTo } from './place.ts'

const HEX = /^[0-9a-f]{16}$/
const fileId = text.regex(HEX, 'must be 16 hex digits')
const number = wholeNumber(0)

const NO_REASON = `must be one of ${LOSS_REASONS.join(', ')}`

/** This many ids fit into the address of a request. */
export const FILES_AT_ONCE = 500
const NO_FILES = `must be at most ${FILES_AT_ONCE} ids of 16 hex digits with commas between them`

/** The place of a file in the ledger: missing bytes and losses, path, generation, id. */
const LedgerPlaceSchema = z.tuple([z.number(), z.number(), z.string(), z.int().min(0), z.string()])

/** Questions about the store itself: what it holds of which file, and what it does not. */
export const STORED_QUESTIONS = {
  ledger: z.strictObject({
    file: text.optional(),
    reason: z
      .enum(LOSS_REASONS, {
        error: ({ input }) => (input === '' ? 'must not be empty' : NO_REASON),
      })
      .optional()
      .describe('why bytes are not stored, or are altered'),
    from: time.optional(),
    to: time.optional(),
    all: flag.default(false),
    limit: limit.default(1000),
    cursor: cursorTo('ledger', LedgerPlaceSchema).optional(),
  }),
  losses: z.strictObject({ from: time.optional(), to: time.optional() }),
  store: z.strictObject({}),
  files: z.strictObject({}),
  digests: z.strictObject({
    ids: text
      .transform((ids) => ids.split(','))
      .refine((ids) => ids.length <= FILES_AT_ONCE && ids.every((id) => HEX.test(id)), NO_FILES),
  }),
  rows: z
    .strictObject({
      file_id: fileId,
      generation: number,
      from: number,
      to: number,
      limit: limit.default(10_000),
    })
    .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be below from' }),
} as const

export type StoredQuestion = keyof typeof STORED_QUESTIONS
export type StoredItem = LedgerRow | ReasonRow | StoreFacts | StoredFile | WindowDigest | StoredRow

/** Is this the name of a question that rows of the store answer, without rules and diagnoses? */
export function isStoredQuestion(question: string): question is StoredQuestion {
  return Object.hasOwn(STORED_QUESTIONS, question)
}

/** Answers a question about stored rows; throws a ZodError that says which parameter is wrong. */
export async function answerStored(
  question: StoredQuestion,
  params: Readonly<Record<string, unknown>>,
  store: Store,
): Promise<{ readonly items: readonly StoredItem[]; readonly next?: string }> {
  switch (question) {
    case 'ledger':
      return askLedger(STORED_QUESTIONS.ledger.parse(params), store)
    case 'losses':
      return { items: await selectLossReasons(store, STORED_QUESTIONS.losses.parse(params)) }
    case 'store':
      STORED_QUESTIONS.store.parse(params)
      return { items: [await selectStoreFacts(store)] }
    case 'files':
      STORED_QUESTIONS.files.parse(params)
      return { items: await selectStoredFiles(store) }
    case 'digests':
      return { items: await selectDigests(store, STORED_QUESTIONS.digests.parse(params).ids) }
    case 'rows': {
      const { file_id, ...range } = STORED_QUESTIONS.rows.parse(params)
      return { items: await selectRows(store, { fileId: file_id, ...range }) }
    }
  }
}

async function askLedger(
  ask: z.infer<typeof STORED_QUESTIONS.ledger>,
  store: Store,
): Promise<{ readonly items: readonly LedgerRow[]; readonly next?: string }> {
  const rows = await selectLedger(store, { ...ask, limit: ask.limit + 1, after: placeOf(ask.cursor) })
  const items = rows.slice(0, ask.limit)
  const last = items.at(-1)
  if (rows.length <= ask.limit || last === undefined) return { items }
  const { lost_bytes, loss_count, file, generation, file_id } = last
  return { items, next: cursorText('ledger', [lost_bytes, loss_count, file, generation, file_id]) }
}

function placeOf(place: z.infer<typeof LedgerPlaceSchema> | undefined): LedgerPlace | undefined {
  if (place === undefined) return undefined
  const [lost_bytes, loss_count, file, generation, file_id] = place
  return { lost_bytes, loss_count, file, generation, file_id }
}

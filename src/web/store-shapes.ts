import { z } from 'zod'

/** The shapes of answers about files, the ledger and stored rows, for the OpenAPI document. */

const count = z.number().min(0)

const LossShape = z.object({
  reason: z.string(),
  offset: count,
  length: count,
  detail: z.string(),
  at: z.string(),
})

export const LedgerShape = z
  .object({
    file: z.string(),
    source: z.string(),
    host: z.string(),
    owner: z.string(),
    session: z.string(),
    file_id: z.string(),
    generation: count,
    rows: count,
    bytes: count,
    lost_bytes: count,
    loss_count: count,
    losses: z.array(LossShape),
  })
  .meta({ id: 'LedgerEntry' })

export const ReasonShape = z
  .object({ reason: z.string(), count, files: count, bytes: count, last_at: z.string() })
  .meta({ id: 'LossReason' })

export const StoreFactsShape = z
  .object({
    version: z.string(),
    now_ms: count,
    user: z.string(),
    schema: count,
    since_ms: count,
    retention_days: count,
    lines: count.describe('rows of lines'),
  })
  .meta({ id: 'StoreFacts' })

export const StoredFileShape = z
  .object({ file_id: z.string(), generation: count, file: z.string(), rows: count, bytes: count })
  .meta({ id: 'StoredFile' })

export const DigestShape = z
  .object({
    file_id: z.string(),
    generation: count,
    window: count,
    rows: count,
    checksum: count,
    first: count,
    continued: z.array(count),
  })
  .meta({ id: 'WindowDigest' })

export const StoredRowShape = z
  .object({ offset: count, length: count, message: z.string() })
  .meta({ id: 'StoredRow' })

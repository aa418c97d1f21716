import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowChecksum, type StoredRow, WINDOW_BYTES, type WindowDigest } from '../../src/store/digest-query.ts'
import { type Compared, Comparison, type Stored } from '../../src/triage/verify/comparison.ts'
import { someChunk } from '../support/chunks.ts'

/** Rows as a store would tell of them. */
function storedOf(rows: readonly StoredRow[], options: Partial<Stored> = {}): Stored {
  const digests: WindowDigest[] = Array.from(byWindow(rows), ([window, own]) => ({
    ...{ file_id: '', generation: 0, window, rows: own.length, continued: [] },
    first: Math.min(...own.map(({ offset }) => offset)),
    checksum: own.reduce((sum, { offset, length, message }) => {
      return sum + rowChecksum(offset, length, Buffer.from(message))
    }, 0),
  }))
  return {
    digests,
    async *rows(from, to) {
      yield* rows
        .filter(({ offset }) => offset >= from && offset < to)
        .toSorted((a, b) => a.offset - b.offset)
    },
    mayBeExpired: false,
    isSettled: true,
    ...options,
  }
}

function byWindow(rows: readonly StoredRow[]): Map<number, StoredRow[]> {
  const windows = new Map<number, StoredRow[]>()
  for (const row of rows) {
    const window = Math.floor(row.offset / WINDOW_BYTES)
    windows.set(window, [...(windows.get(window) ?? []), row])
  }
  return windows
}

/** The rows of messages that follow one another, from `at` on. */
function rowsOf(messages: readonly string[], at: number): StoredRow[] {
  let offset = at
  return messages.map((message) => {
    const length = Buffer.byteLength(message) + 1
    offset += length
    return { offset: offset - length, length, message }
  })
}

async function compared(messages: readonly string[], at: number, stored: Stored, cut = 1): Promise<Compared> {
  const rows = rowsOf(messages, at)
  const last = rows.at(-1)
  const comparison = new Comparison(stored, (last?.offset ?? 0) + (last?.length ?? 0))
  for (let from = 0; from < rows.length; from += cut) {
    const own = messages.slice(from, from + cut).map((message) => ({ message }))
    await comparison.add(someChunk(own, { offset: rows[from]?.offset ?? 0 }))
  }
  return comparison.end()
}

const counts = ({ missing, extra, different, expired, redacted }: Compared) => ({
  ...{ missing, extra, different, expired, redacted },
})
const NONE = { missing: 0, extra: 0, different: 0, expired: 0, redacted: 0 }
/** So that some rows lie in the first window and some in the second one. */
const EDGE = WINDOW_BYTES - 20

describe('the comparison of a file with its rows', () => {
  it('counts exactly what was removed, altered and added, wherever windows and chunks begin', async () => {
    const message = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\n', ''))
    const fates = fc.constantFrom('kept', 'kept', 'removed', 'altered', 'longer', 'twice')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(message, fates), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 7 }),
        async (lines, cut) => {
          const rows = rowsOf(
            lines.map(([text]) => text),
            EDGE,
          )
          const stored = rows.flatMap((row, i) => {
            const fate = lines[i]?.[1]
            if (fate === 'removed') return []
            if (fate === 'altered') return [{ ...row, message: `${row.message}.` }]
            if (fate === 'longer') return [{ ...row, length: row.length + 1 }]
            return fate === 'twice' ? [row, row] : [row]
          })
          const result = await compared(
            lines.map(([text]) => text),
            EDGE,
            storedOf(stored),
            cut,
          )
          const met = (...names: string[]) => lines.filter(([, fate]) => names.includes(fate)).length
          expect(counts(result)).toEqual({
            ...{ ...NONE, missing: met('removed'), extra: met('twice'), different: met('altered', 'longer') },
          })
          expect(result.rows).toBe(lines.length)
        },
      ),
    )
  })

  it('takes rows before the first stored one as expired, if they are old enough, and no others', async () => {
    const messages = ['one', 'two', 'three', 'four']
    const stored = rowsOf(messages, EDGE).filter(({ message }) => message === 'two' || message === 'four')
    const result = async (mayBeExpired: boolean) =>
      counts(await compared(messages, EDGE, storedOf(stored, { mayBeExpired })))
    expect(await result(true)).toEqual({ ...NONE, expired: 1, missing: 1 })
    expect(await result(false)).toEqual({ ...NONE, missing: 2 })
    expect(counts(await compared(messages, 0, storedOf([], { mayBeExpired: true })))).toEqual({
      ...{ ...NONE, expired: 4 },
    })
  })

  it('counts rows apart that the store refused, as the ledger tells', async () => {
    const messages = ['one', 'two', 'three']
    const stored = rowsOf(messages, 0).filter(({ message }) => message === 'two')
    const result = await compared(messages, 0, storedOf(stored, { isRefused: (offset) => offset === 0 }))
    expect([result.refused, result.missing]).toEqual([1, 1])
  })

  it('does not look behind its end while somebody writes', async () => {
    const stored = rowsOf(['one', 'two', 'three'], 0)
    const result = async (isSettled: boolean) =>
      counts(await compared(['one', 'two'], 0, storedOf(stored, { isSettled })))
    expect(await result(false)).toEqual(NONE)
    expect(await result(true)).toEqual({ ...NONE, extra: 1 })
    const far = [...rowsOf(['one', 'two'], 0), ...rowsOf(['three'], 3 * WINDOW_BYTES)]
    expect(counts(await compared(['one', 'two'], 0, storedOf(far)))).toEqual({ ...NONE, extra: 1 })
  })

  it.each([
    ['bind «redacted:password» ok', 'bind hunter2 ok', 'redacted'],
    ['bind hunter2 ok', 'bind «redacted:password» ok', 'redacted'],
    ['a «redacted:token» b «redacted:password»', 'a 1 b 2', 'redacted'],
    ['bind «redacted:password» ok', 'bind hunter2 no', 'different'],
    ['a «redacted:token» ab', 'a ab', 'different'],
    ['bind ok', 'bind no', 'different'],
  ])('%s for %s is %s', async (message, own, kind) => {
    const [row] = rowsOf([own], 0)
    const result = await compared([own], 0, storedOf([{ offset: 0, length: row?.length ?? 0, message }]))
    expect(counts(result)).toEqual({ ...NONE, [kind]: 1 })
  })
})

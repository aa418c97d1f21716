import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openBook } from '../../../src/triage/alerts/book.ts'
import type { Message } from '../../../src/triage/alerts/message.ts'
import {
  begun,
  due,
  EMPTY_OUTBOX,
  enqueued,
  type Outbox,
  settled,
} from '../../../src/triage/alerts/outbox.ts'
import { someAlert, someMessage } from '../../support/alerts.ts'
import { tempDir } from '../../support/temp-dir.ts'

const message = (id: string, of: Partial<Message> = {}): Message => ({
  ...someMessage([someAlert({ n: id }, 'firing')]),
  ...{ id, receiver: 'r', key: 'k', created_ms: 0 },
  ...of,
})
const outboxOf = (...messages: Message[]) => enqueued(EMPTY_OUTBOX, messages, new Set())
const dueIds = (outbox: Outbox, nowMs: number) => due(outbox, nowMs).map(({ message: { id } }) => id)
const trying = { nowMs: 1000, giveUpMs: 60_000, jitter: 1 }
const failed = { kind: 'failed', reason: 'it answers 500' } as const

describe('the outbox', () => {
  it('tries the messages of a group in their order, those of others beside them', () => {
    const outbox = outboxOf(
      message('1'),
      message('2'),
      message('3', { key: 'other' }),
      message('4', { receiver: 's' }),
    )
    expect(dueIds(outbox, 0)).toEqual(['1', '3', '4'])
    expect(dueIds(settled(outbox, '1', { kind: 'delivered' }, trying), 0)).toEqual(['2', '3', '4'])
  })

  it('waits longer after each failure, and as long as the receiver wishes', () => {
    const pauses = [1, 2, 3, 4].reduce<{ outbox: Outbox; waits: number[] }>(
      ({ outbox, waits }) => {
        const next = settled(outbox, '1', failed, { ...trying, giveUpMs: 1e9 })
        return { outbox: next, waits: [...waits, (next.waiting[0]?.nextMs ?? 0) - trying.nowMs] }
      },
      { outbox: outboxOf(message('1')), waits: [] },
    )
    expect(pauses.waits).toEqual([5000, 10_000, 20_000, 40_000])
    const wished = settled(outboxOf(message('1')), '1', { ...failed, retryAfterMs: 90_000 }, trying)
    expect(wished.waiting[0]).toMatchObject({ tries: 1, nextMs: 91_000, reason: 'it answers 500' })
  })

  it('knows what may have arrived already: tries whose end was never known', () => {
    const unsureAfter = (...ends: ('crash' | boolean)[]) =>
      ends.reduce<Outbox>(
        (outbox, end) => {
          const trying1 = begun(outbox, '1')
          return end === 'crash' ? trying1 : settled(trying1, '1', { ...failed, unsure: end }, trying)
        },
        outboxOf(message('1')),
      ).waiting[0]?.unsure
    expect([unsureAfter(), unsureAfter(false), unsureAfter(false, false)]).toEqual([undefined, 0, 0])
    expect([unsureAfter('crash'), unsureAfter(true, false), unsureAfter('crash', false, true)]).toEqual([
      1, 1, 2,
    ])
  })

  it('gives up what was refused at once, and what failed when its time is over, and counts both', () => {
    const outbox = outboxOf(message('1'), message('2', { key: 'b' }))
    const refused = settled(outbox, '1', { kind: 'refused', reason: 'it answers 400' }, trying)
    const over = settled(refused, '2', failed, { ...trying, nowMs: 60_000 })
    expect(over).toMatchObject({ waiting: [], given_up: 2, delivered: 0 })
    expect(over.dead.map(({ reason }) => reason)).toEqual(['it answers 400', 'it answers 500'])
  })

  it('keeps only the newest word for a receiver that keeps alerts by itself, and what has ended', () => {
    const ended = { ...message('1'), alerts: someMessage([], [someAlert({ n: 'x' }, 'resolved')]).alerts }
    const outbox = enqueued(outboxOf(ended), [message('2')], new Set(['r']))
    expect(
      outbox.waiting.map(({ message: { id, alerts } }) => [id, alerts.map(({ status }) => status)]),
    ).toEqual([['2', ['firing', 'resolved']]])
  })

  it('has a bound: the oldest of a receiver that never answers are given up', () => {
    const many = Array.from({ length: 1010 }, (_, n) => message(String(n)))
    const outbox = enqueued(outboxOf(message('x', { receiver: 's' })), many, new Set())
    expect(outbox).toMatchObject({ given_up: 10 })
    expect(outbox.waiting.length).toBe(1001)
    expect(outbox.waiting[1]?.message.id).toBe('10')
  })

  it('never loses or doubles a message, whatever comes of the tries', () => {
    const outcome = fc.constantFrom({ kind: 'delivered' } as const, failed, {
      kind: 'refused',
      reason: 'x',
    } as const)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), outcome)), (tries) => {
        let outbox = outboxOf(
          ...Array.from({ length: 6 }, (_, n) => message(String(n), { key: String(n % 2) })),
        )
        for (const [n, one] of tries) outbox = settled(outbox, String(n), one, trying)
        expect(outbox.waiting.length + outbox.delivered + outbox.given_up).toBe(6)
        expect(new Set([...outbox.waiting, ...outbox.dead].map((one) => one.message.id)).size).toBe(
          outbox.waiting.length + outbox.dead.length,
        )
      }),
    )
  })
})

describe('the book', () => {
  const noDamage = (path: string) => expect.fail(path)

  it('has after a restart what was in it, and changes come one after the other', async () => {
    const folder = tempDir()
    const book = openBook(folder, noDamage)
    const changes = Array.from({ length: 20 }, (_, n) =>
      book.change((page) => ({ ...page, outbox: enqueued(page.outbox, [message(String(n))], new Set()) })),
    )
    await Promise.all(changes)
    const again = openBook(folder, noDamage).page
    expect(again).toEqual(book.page)
    expect(again.outbox.waiting.map(({ message: { id } }) => Number(id))).toEqual(changes.map((_, n) => n))
  })

  it('goes on after a change that failed, as if that had not been', async () => {
    const book = openBook(tempDir(), noDamage)
    const failing = book.change(() => {
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await book.change((page) => ({ ...page, outbox: outboxOf(message('1')) }))
    expect(book.page.outbox.waiting.length).toBe(1)
  })

  it.each(['{ "form": 1, "inst', '{ "form": 99 }'])('that is damaged is laid aside: %s', (text) => {
    const folder = join(tempDir(), 'alerts')
    mkdirSync(folder)
    writeFileSync(join(folder, 'state.json'), text)
    const damaged: string[] = []
    const book = openBook(folder, (path) => damaged.push(path))
    expect(book.page.instances).toEqual({})
    expect(damaged.map((path) => readFileSync(path, 'utf8'))).toEqual([text])
  })
})

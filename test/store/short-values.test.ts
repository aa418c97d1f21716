import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { openEmbedded, openServer, type Store } from '../../src/store/client.ts'
import { withShortValues } from '../../src/store/short-values.ts'
import { startFront } from '../support/clickhouse-front.ts'
import { tempDir } from '../support/temp-dir.ts'

async function openStore(kind: string): Promise<Store> {
  if (kind === 'embedded') {
    const store = await openEmbedded(tempDir())
    onTestFinished(() => store.close())
    return store
  }
  const front = await startFront({ dataDir: tempDir() })
  const store = openServer(front.url)
  onTestFinished(async () => {
    await store.close()
    await front.stop()
  })
  return store
}

const COUNT = `SELECT toUInt32(countIf(toString(number) IN {names:Array(String)})) AS named,
  toUInt32(countIf(number IN {numbers:Array(UInt32)})) AS numbered,
  toUInt32(sum(transform(number, {numbers:Array(UInt32)}, {values:Array(UInt32)}, 0))) AS changed,
  toUInt32(max(length({names:Array(String)}))) AS all FROM numbers(100000)`

it.each(['server', 'embedded'])('a list of any length may be asked for: %s', async (kind) => {
  const numbers = Array.from({ length: 60_000 }, (_, i) => i)
  const names = numbers.map((number) => (number % 2 === 0 ? String(number) : `'\\\n${number}`))
  const values = numbers.map(() => 1)
  const [row] = await (await openStore(kind)).query(COUNT, { names, numbers, values })
  expect(row).toEqual({ named: 30_000, numbered: 60_000, changed: 60_000, all: 60_000 })
})

it('what is divided is the same list, and what is short stays as it is', () => {
  const lists = fc.array(fc.string({ unit: 'binary', maxLength: 400 }), { maxLength: 400 })
  fc.assert(
    fc.property(lists, lists, fc.string(), (long, other, one) => {
      const sql = 'SELECT x IN {a:Array(String)}, {ab:Array(String)}, {c:String}'
      const short = withShortValues(sql, { a: long, ab: other, c: one })
      const value = (list: string) =>
        [...short.sql.matchAll(new RegExp(`\\{(${list}(?:_\\d+)?):Array\\(String\\)\\}`, 'g'))].flatMap(
          ([, name = '']) => short.params[name] as string[],
        )
      expect([value('a'), value('ab'), short.params['c']]).toEqual([long, other, one])
      for (const part of Object.values(short.params).filter(Array.isArray))
        expect(Buffer.byteLength(part.join(''))).toBeLessThan(33 * 1024)
    }),
  )
})

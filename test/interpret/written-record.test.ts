import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyHead } from '../../src/interpret/format.ts'
import { loadFormats } from '../../src/interpret/load-formats.ts'
import { type HeadFacts, writtenRecord } from '../../src/interpret/written-record.ts'
import { zone } from '../../src/interpret/zone.ts'
import { LEVELS } from '../../src/model.ts'

const formats = [...loadFormats([join(import.meta.dirname, '../../rules')]).values()]
const TIME = '2026-03-07T08:09:10.123456Z'
const CONTEXT = { zone: zone('UTC'), mtimeMs: Date.parse('2026-04-01') }
const MESSAGE = 'the words of a message'

/** What each pattern of a format can say of a head. */
function factsOf(pattern: string): HeadFacts {
  const has = (field: string) => pattern.includes(`{${field}`)
  return {
    ts: has('time') && !/uptime/.test(pattern) ? TIME : '',
    level: has('level') ? 'warn' : '',
    component: has('component') ? 'part' : '',
    host: '',
  }
}

test('of a program with or without its process id is as long as it was', () => {
  const patterns = formats.find(({ id }) => id === 'syslog')?.patterns ?? []
  const facts: HeadFacts = {
    ts: '2026-03-07T08:09:10.000000Z',
    level: '',
    component: 'widgetd',
    host: 'ip-10-0-0-1',
  }
  const again = (line: string) => writtenRecord(patterns, facts, 'starting', line.length)
  const short = 'Mar  7 08:09:10 ip-10-0-0-1 widgetd: starting'
  expect(again(short)).toBe(short)
  expect(again('Mar  7 08:09:10 ip-10-0-0-1 widgetd[4711]: starting')).toMatch(/ widgetd\[0\]: starting$/)
})

describe('a record written again', () => {
  for (const format of formats) {
    test.each([...new Set(format.patterns.map((pattern) => JSON.stringify(factsOf(pattern))))])(
      `says in ${format.id} what it said: %s`,
      (json) => {
        const facts = JSON.parse(json) as ReturnType<typeof factsOf>
        const bytes = Buffer.from(writtenRecord(format.patterns, facts, MESSAGE))
        const head = emptyHead()
        format.parse(bytes, 0, bytes.length, CONTEXT, head)
        expect({
          level: LEVELS[head.level],
          component: bytes.toString('utf8', head.componentBegin, head.componentEnd),
          message: bytes.toString('utf8', head.textBegin, head.textEnd),
        }).toEqual({ level: facts.level, component: facts.component, message: MESSAGE })
      },
    )
  }
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type TableColumn, tableText } from '../../src/cli/table.ts'
import { systemClock } from '../../src/clock.ts'
import { programIo } from '../support/program-io.ts'

type Row = { readonly id: string; readonly host: string; readonly what: string; readonly rule: string }

const COLUMNS: readonly TableColumn<Row>[] = [
  { head: 'ID', cell: ({ id }) => id },
  { head: 'HOST', cell: ({ host }) => host, spare: 1 },
  {
    head: 'WHAT',
    cell: ({ what, rule }) => `${what} (${rule})`,
    tail: ({ rule }) => ` (${rule})`,
    least: 24,
  },
]
const ROW = {
  id: 'jdoe/LinuxDesktop1',
  host: 'ip-10-0-0-1',
  what: 'The session was not created',
  rule: 'not-created',
}

const shown = (rows: readonly Row[], columns: number, outIsTerminal = true) =>
  tableText(COLUMNS, rows, { ...programIo(systemClock), env: { NO_COLOR: '1' }, outIsTerminal, columns })

it('a table that fits, and one that is no terminal, is complete', () => {
  const text = `ID                  HOST         WHAT
jdoe/LinuxDesktop1  ip-10-0-0-1  The session was not created (not-created)
`
  expect(shown([ROW], 80)).toBe(text)
  expect(shown([ROW], 10, false)).toBe(text)
})

it('on a narrow terminal a text is cut, but not the id at its end', () => {
  expect(shown([ROW], 60)).toBe(`ID                  HOST         WHAT
jdoe/LinuxDesktop1  ip-10-0-0-1  The session… (not-created)
`)
})

it('where cutting does not suffice, a column is left out and named', () => {
  expect(shown([ROW], 46)).toBe(`ID                  WHAT
jdoe/LinuxDesktop1  The session… (not-created)
not shown on a narrow terminal: HOST
`)
})

it('lines are never wider than the terminal, unless nothing can give way any more', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '-', ' '), maxLength: 60 })
  const row = fc.record({
    id: fc.constantFrom('a/b', 'jdoe/LinuxDesktop1'),
    host: word,
    what: word,
    rule: word,
  })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), fc.integer({ min: 60, max: 200 }), (rows, columns) => {
      const lines = shown(rows, columns).split('\n')
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
      for (const [i, { id }] of rows.entries()) expect(lines[i + 1]).toContain(id)
    }),
  )
})

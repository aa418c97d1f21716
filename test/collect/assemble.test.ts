import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutRecords, type Hold } from '../../src/collect/assemble.ts'
import { type Cuts, emptyCuts, type OpenRecord } from '../../src/collect/cuts.ts'
import { type Framing, RecordFlag } from '../../src/model.ts'

const plain: Framing = {
  startsRecord: () => false,
  strays: 'own',
  blocks: ['traceback', 'quote', 'pem', 'json'],
}
const windows: Framing = { ...plain, blocks: ['powershell'] }
const stamped: Framing = { startsRecord: (bytes, at) => bytes[at] === 91, strays: 'join', blocks: [] }

type Row = { text: string; span: string; flags: number }

function rowsOf(bytes: Buffer, cuts: Cuts): Row[] {
  const rows: Row[] = []
  let from = 0
  for (let i = 0; i < cuts.count; i++) {
    const to = cuts.spanEnd[i] ?? 0
    const text = bytes.toString('latin1', cuts.begin[i], cuts.end[i])
    rows.push({ text, span: bytes.toString('latin1', from, to), flags: cuts.flags[i] ?? 0 })
    from = to
  }
  return rows
}

/** Feeds the pieces one after another, keeping back what was not consumed, and flushes at the end. */
function feed(pieces: readonly string[], framing: Framing, flushes: readonly Hold[] = []): Row[] {
  const rows: Row[] = []
  const cuts = emptyCuts(2)
  let kept = Buffer.alloc(0)
  let open: OpenRecord | undefined
  const all = [...pieces, '']
  all.forEach((piece, i) => {
    const bytes = Buffer.concat([kept, Buffer.from(piece, 'latin1')])
    const hold = i === all.length - 1 ? 'nothing' : (flushes[i] ?? 'record')
    cutRecords(bytes, { framing, open, hold, maxBytes: 1 << 20, skip: 0 }, cuts)
    rows.push(...rowsOf(bytes, cuts))
    open = cuts.open
    kept = bytes.subarray(cuts.consumed)
  })
  expect(kept.length).toBe(0)
  return rows
}

const texts = (rows: readonly Row[]) => rows.map((row) => row.text)

describe('records from lines', () => {
  it('makes each line a record where strays stand alone, blank lines and CRLF included in the span', () => {
    const rows = feed(['\na\r\n\n\nb\n\n'], plain)
    expect(texts(rows)).toEqual(['a', 'b'])
    expect(rows.map((row) => row.span)).toEqual(['\na\r\n\n\n', 'b\n\n'])
  })

  it('joins strays to the record before where the format says so', () => {
    const rows = feed(['[1] a\n  more\n\nlast\n[2] b\n'], stamped)
    expect(texts(rows)).toEqual(['[1] a\n  more\n\nlast', '[2] b'])
    expect(rows[0]?.flags).toBe(RecordFlag.multiline)
  })

  it('keeps a traceback, its exception line and a chained traceback together', () => {
    const trace =
      'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    x\nKeyError: \'Values\'\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "b.py"\nbotocore.exceptions.ParamValidationError: Parameter validation failed:\nInvalid type'
    expect(texts(feed([`before\n${trace}\nafter\n`], plain))).toEqual(['before', trace, 'after'])
  })

  it('ends a traceback at the next one that is not chained', () => {
    const one = 'Traceback (most recent call last):\n  File "a.py"\nKeyError: 1'
    expect(texts(feed([`${one}\n${one}\n`], plain))).toEqual([one, one])
  })

  it.each([
    ['+ echo \'{"a":\n "b"}\'', 'a quoted argument of xtrace'],
    ["+ echo 'it'\\''s\nfine'", 'an escaped quote'],
    ['[INFO] Processing efs: {\n  "a": 1\n}', 'a JSON body'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', 'a private key'],
  ])('%j is one record (%s)', (text) => {
    expect(texts(feed([`x\n${text}\ny\n`], plain))).toEqual(['x', text, 'y'])
  })

  it('keeps what PowerShell prints below an error with it', () => {
    const error = 'Add-Computer : failed\nAt line:1 char:1\n+ Add-Computer\n    + CategoryInfo'
    expect(texts(feed([`x\n${error}\ny\n`], windows))).toEqual(['x', error, 'y'])
    const broken =
      "Add-Computer : Computer 'W7' failed to join \nwith following error message: Denied.\nAt C:\\a.ps1:1"
    expect(texts(feed([`x\n${broken}\nwith\n`], windows))).toEqual(['x', broken, 'with'])
  })

  it('joins the message of an error of PowerShell that was wrapped, and no more', () => {
    const head =
      'Message: The errors: Import-Module : File C:\\m.psm1 cannot be loaded because running scripts is disabled on this'
    const wrapped = `${head}\nsystem. For more information, see about_Execution_Policies.\nAt C:\\a.ps1:1`
    expect(texts(feed([`x\n${wrapped}\ny\n`], windows))).toEqual(['x', wrapped, 'y'])
    const next = 'New-LocalUser : denied'
    expect(texts(feed([`${head}\n${next}\nName : value\n`], windows))).toEqual([head, next, 'Name : value'])
    const short = 'New-Item : there'
    expect(texts(feed([`${short}\ny\n`], windows))).toEqual([short, 'y'])
  })

  it('does not take an apostrophe of plain text or a balanced quote for an open one', () => {
    expect(texts(feed(["don't\n+ echo 'a'\n+ x \"don't\"\ny\n"], plain))).toEqual([
      "don't",
      "+ echo 'a'",
      '+ x "don\'t"',
      'y',
    ])
  })
})

describe('flushing by time', () => {
  it('makes the rest of a flushed line a continued row', () => {
    const rows = feed(['AB', 'C', 'DEF\nG\n'], plain, ['record', 'nothing'])
    expect(rows.map((row) => [row.text, row.flags])).toEqual([
      ['ABC', 0],
      ['DEF', RecordFlag.continued],
      ['G', 0],
    ])
  })

  it('marks what still belongs to a flushed record, and nothing else', () => {
    const rows = feed(['[1] a\n', ' more\n[2] b\n', '[3] c\n'], stamped, ['line', 'line'])
    expect(rows.map((row) => [row.text, row.flags])).toEqual([
      ['[1] a', 0],
      [' more', RecordFlag.continued],
      ['[2] b', 0],
      ['[3] c', 0],
    ])
  })

  it('goes on with a traceback that was flushed in the middle', () => {
    const rows = feed(['Traceback (most recent call last):\n', '  File "a"\nKeyError: 1\nnext\n'], plain, [
      'line',
    ])
    expect(rows.map((row) => [row.text, row.flags & RecordFlag.continued])).toEqual([
      ['Traceback (most recent call last):', 0],
      ['  File "a"\nKeyError: 1', RecordFlag.continued],
      ['next', 0],
    ])
  })

  it('goes on with a traceback that was flushed before the line that names the exception', () => {
    for (const rest of ['KeyError: 1\nnext\n', '() \nKeyError: 1\nnext\n']) {
      const isInLine = rest.startsWith('(')
      const rows = feed(
        [`Traceback (most recent call last):\n    main${isInLine ? '' : '\n'}`, rest],
        plain,
        [isInLine ? 'nothing' : 'line'],
      )
      expect(rows.map((row) => row.flags & RecordFlag.continued)).toEqual([0, RecordFlag.continued, 0])
      expect(rows[1]?.text.endsWith('KeyError: 1')).toBe(true)
    }
  })

  it('closes a record that grows past the limit and goes on with continued rows', () => {
    const bytes = Buffer.from('[1] a\n22222\n33333\n[4] b\n')
    const cuts = emptyCuts()
    cutRecords(bytes, { framing: stamped, open: undefined, hold: 'nothing', maxBytes: 10, skip: 0 }, cuts)
    expect(rowsOf(bytes, cuts).map((row) => [row.text, row.flags])).toEqual([
      ['[1] a\n22222', RecordFlag.multiline],
      ['33333', RecordFlag.continued],
      ['[4] b', 0],
    ])
  })
})

const line = fc.constantFrom(
  '',
  'a',
  '[x',
  ' i',
  'Traceback (most recent call last):',
  'E: x',
  'During handling of the above exception',
  "+ q '",
  "'",
  '{',
  '}',
  'é\r',
)
const content = fc
  .tuple(fc.array(line, { maxLength: 30 }), fc.boolean())
  .map(([lines, ended]) => lines.join('\n') + (ended ? '\n' : ''))
const cutsOf = (text: string) =>
  fc.array(fc.nat(text.length), { maxLength: 6 }).map((at) => at.sort((a, b) => a - b))

function pieces(text: string, at: readonly number[]): string[] {
  return [...at, text.length].map((end, i) => text.slice(at[i - 1] ?? 0, end))
}

describe('a record that is held back as whole', () => {
  const held = (text: string, framing: Framing) => {
    const cuts = emptyCuts()
    const bytes = Buffer.from(text, 'latin1')
    cutRecords(bytes, { framing, open: undefined, hold: 'record', maxBytes: 1 << 20, skip: 0 }, cuts)
    return { isWhole: cuts.holdsWhole, text: bytes.toString('latin1', cuts.consumed).trim() }
  }

  it('is one that is no block, where strays stand alone', () => {
    expect(held('a\nb\n', plain)).toEqual({ isWhole: true, text: 'b' })
    expect(held('Traceback (most recent call last):\n', plain).isWhole).toBe(false)
    expect(held('[1] a\n', stamped).isWhole).toBe(false)
    expect(held('a\n', windows).isWhole).toBe(false)
    expect(held('half', plain).isWhole).toBe(false)
  })

  it('has the same text whatever follows it', () => {
    fc.assert(
      fc.property(content, content, (text, more) => {
        const begin = text.slice(0, text.lastIndexOf('\n') + 1)
        const { isWhole } = held(begin, plain)
        fc.pre(isWhole)
        expect(texts(feed([begin + more], plain)).slice(0, texts(feed([begin], plain)).length)).toEqual(
          texts(feed([begin], plain)),
        )
      }),
    )
  })
})

describe('any chunking', () => {
  const cases = content.chain((text) => fc.tuple(fc.constant(text), cutsOf(text)))
  for (const [name, framing] of [
    ['plain', plain],
    ['stamped', stamped],
  ] as const) {
    it(`gives the same records and offsets (${name})`, () => {
      fc.assert(
        fc.property(cases, ([text, at]) => {
          expect(feed(pieces(text, at), framing)).toEqual(feed([text], framing))
        }),
      )
    })

    it(`gives the same records when whole lines are flushed at any time, if continued rows are added up (${name})`, () => {
      const hold = fc.array(fc.constantFrom<Hold>('record', 'line'), { minLength: 7, maxLength: 7 })
      fc.assert(
        fc.property(cases, hold, ([some, at], flushes) => {
          const text = `a\n${some}`
          const sums: string[] = []
          for (const { span, flags } of feed(pieces(text, at), framing, flushes)) {
            const isContinued = (flags & RecordFlag.continued) > 0
            sums.push(isContinued ? (sums.pop() ?? '') + span : span)
          }
          expect(sums).toEqual(feed([text], framing).map(({ span }) => span))
        }),
        { numRuns: 1000 },
      )
    })

    it(`tiles the bytes, flushed at any time or not (${name})`, () => {
      const hold = fc.array(fc.constantFrom<Hold>('record', 'line', 'nothing'), {
        minLength: 7,
        maxLength: 7,
      })
      fc.assert(
        fc.property(cases, hold, ([text, at], flushes) => {
          const rows = feed(pieces(text, at), framing, flushes)
          expect(rows.map((row) => row.span).join('')).toBe(text)
          expect(rows.every((row) => row.span !== '')).toBe(true)
        }),
      )
    })
  }
})

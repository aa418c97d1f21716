import { describe, expect, it } from 'vitest'
import { OpsError } from '../../src/errors.ts'
import { compileFormat, emptyHead } from '../../src/interpret/format.ts'
import { zone } from '../../src/interpret/zone.ts'
import { formatOf, readHead } from './format-head.ts'

function refusal(pattern: string): string {
  try {
    compileFormat({
      id: 'odd',
      title: 'Odd',
      patterns: ['{level} {message}', pattern],
      strays: 'own',
      blocks: [],
    })
  } catch (error) {
    if (error instanceof OpsError) return `${error.exit} ${error.message}`
    throw error
  }
  return 'accepted'
}

const clock = '{time:YYYY-MM-DD hh:mm:ss}'

describe('pattern language', () => {
  it('takes literal characters as they are, and one space as all blanks there are', () => {
    const format = formatOf(`<é> ${clock} - {message}`)
    expect(readHead(format, '<é>  \t2026-01-02 03:04:05    -  x  y')).toMatchObject({
      parsed: true,
      time: '2026-01-02T03:04:05.000000Z',
      text: 'x  y',
    })
    expect(readHead(format, '<é>2026-01-02 03:04:05 - x').parsed).toBe(false)
    expect(readHead(format, '<e> 2026-01-02 03:04:05 - x').parsed).toBe(false)
    expect(readHead(formatOf(`${clock}  -  {message}`), '2026-01-02 03:04:05 - x').parsed).toBe(true)
  })

  it('lets the last blank before an empty message be missing', () => {
    const format = formatOf(`${clock} {level} - {message}`)
    for (const record of ['2026-01-02 03:04:05 INFO - ', '2026-01-02 03:04:05 INFO -']) {
      expect(readHead(format, record)).toMatchObject({ parsed: true, text: '' })
    }
    expect(readHead(format, '2026-01-02 03:04:05 INFO -\nmore')).toMatchObject({
      parsed: true,
      text: '\nmore',
    })
    expect(readHead(format, '2026-01-02 03:04:05 INFO -x').parsed).toBe(false)
  })

  it('ends a {skip} at its first possible end, within the line and 256 bytes', () => {
    const format = formatOf(`[{skip}] - ${clock} {message}`)
    const record = (skipped: string) => `[${skipped}] - 2026-01-02 03:04:05 x`
    for (const skipped of ['', 'a', 'a] [b', 'a]  b', '日本', '-'.repeat(255)]) {
      expect(readHead(format, record(skipped)), skipped).toMatchObject({
        starts: true,
        parsed: true,
        text: 'x',
      })
    }
    for (const skipped of ['a\nb', '-'.repeat(256)]) {
      expect(readHead(format, record(skipped)).parsed, skipped).toBe(false)
    }
    expect(readHead(formatOf('{skip} - {level} {message}'), 'a   b \t- WARN x')).toMatchObject({
      level: 'warn',
      text: 'x',
    })
  })

  it('takes as {component} one word, never an empty one', () => {
    const format = formatOf('{level} {component}: {message}')
    expect(readHead(format, 'INFO a:b::c: d: e')).toMatchObject({ component: 'a:b::c', text: 'd: e' })
    for (const record of [
      'INFO : x',
      'INFO a b: x',
      'INFO a\x1b[1m: x',
      'INFO a\x7f: x',
      'INFO a:x',
      'INFO a',
    ]) {
      expect(readHead(format, record).parsed, record).toBe(false)
    }
  })

  it('cuts from the end of the text what follows {message}, if it is there', () => {
    const format = formatOf('[{level}] [{message}]')
    expect(readHead(format, '[INFO] [a] b]').text).toBe('a] b')
    expect(readHead(format, '[INFO] []').text).toBe('')
    expect(readHead(format, '[INFO] [').text).toBe('')
    expect(readHead(format, '[INFO] [a\nb').text).toBe('a\nb')
    expect(readHead(formatOf('{level} "{message}" !'), 'INFO "a" !').text).toBe('a')
  })

  it('gives the whole record as text where there is no {message}', () => {
    const head = readHead(formatOf(`-- ${clock} --`), '-- 2026-01-02 03:04:05 -- and more')
    expect(head).toMatchObject({
      parsed: true,
      time: '2026-01-02T03:04:05.000000Z',
      text: '-- 2026-01-02 03:04:05 -- and more',
    })
    expect(readHead(formatOf(`-- ${clock} --`), '-- 2026-01-02 03:04:05 -').parsed).toBe(false)
  })

  it('tries patterns in order; the head of a failed one leaves no trace', () => {
    const format = formatOf(`${clock} {level} {component} - {message}`, `${clock} {message}`)
    expect(readHead(format, '2026-01-02 03:04:05 FATAL part no dash')).toEqual({
      starts: true,
      parsed: true,
      time: '2026-01-02T03:04:05.000000Z',
      level: '',
      component: '',
      text: 'FATAL part no dash',
    })
  })

  it('reads each time afresh, though patterns share it and buffers are used again', () => {
    const format = formatOf(`${clock} {level} {message}`, `${clock} {message}`)
    const bytes = Buffer.from('2026-01-02 03:04:05 x')
    const head = emptyHead()
    const context = { zone: zone('UTC'), mtimeMs: 0 }
    expect(format.parse(bytes, 0, bytes.length, context, head)).toBe(true)
    bytes.write('2027')
    expect(format.parse(bytes, 0, bytes.length, context, head)).toBe(true)
    expect(head.ts).toBe(Date.UTC(2027, 0, 2, 3, 4, 5) * 1000)
    bytes.write('2x27')
    expect(format.parse(bytes, 0, bytes.length, context, head)).toBe(false)
    expect(head.ts).toBeNaN()
  })

  it('knows the start of a record by its time, or by two fields where it has none', () => {
    const starts = (pattern: string, line: string) => readHead(formatOf(pattern), line).starts
    expect(starts(`<{skip}> ${clock} [{level}] {message}`, '<7> 2026-01-02 03:04:05')).toBe(true)
    expect(starts(`<{skip}> ${clock} [{level}] {message}`, '<7> 2026-01-02 03:04:6')).toBe(false)
    expect(starts('{level} [{component}] {skip} - {message}', 'INFO [a] x')).toBe(true)
    expect(starts('{level} [{component}] {skip} - {message}', 'INFO [a b] x')).toBe(false)
    expect(starts('{level}: {message}', 'Note: x')).toBe(true)
    expect(starts('{level}: {message}', 'Notes: x')).toBe(false)
    expect(starts('{level}: {message}', '')).toBe(false)
  })

  it('knows the start of a record whose time cannot be, and reads no time of it', () => {
    const format = formatOf(`${clock} {level} {message}`)
    for (const time of ['2026-02-31 05:00:00', '2299-01-01 05:00:00', '2026-01-01 25:00:00']) {
      expect(readHead(format, `${time} WARN text`), time).toMatchObject({
        ...{ starts: true, parsed: true, level: 'warn', text: 'text' },
        time: '',
      })
    }
    expect(readHead(format, '2026-02-3 05:00:00 WARN text').starts).toBe(false)
  })

  it('knows the words for levels in any case and padding, and no others', () => {
    const format = formatOf('[{level}] {message}')
    const level = (word: string) => readHead(format, `[${word}] x`).level
    const words = {
      debug: 'TRACE debug Verbose 0x0400 0x1000 0x4000',
      info: 'INFO Information NOTICE -- == ** !! ++ II 0x0100 0x0200 0x3f7c0',
      warn: 'WARN Warning WW 0x0080',
      error: 'ERROR err SEVERE INVALID EE 0x0020 0x0040',
      fatal: 'FATAL Critical ALERT EMERG panic 0x0010',
    }
    for (const [expected, list] of Object.entries(words)) {
      for (const word of list.split(' ')) expect(level(word), word).toBe(expected)
    }
    expect(level('INFO ')).toBe('info')
    expect(level('  WARN\t')).toBe('warn')
    for (const word of ['', 'INF', 'INFOS', 'ERROR2', 'E', '-+', '0x', '0xg', '0x1234567', 'ＩＮＦＯ', '{']) {
      expect(readHead(format, `[${word}] x`).parsed, word).toBe(false)
    }
  })

  it('refuses what is not of the language, and says where', () => {
    const at = (character: number) => `2 format odd, pattern 2, character ${character}: `
    expect(refusal('[{tim}] {message}')).toContain(`${at(2)}not a field; a field is {time:LAYOUT}`)
    expect(refusal('a } b {message}')).toContain(`${at(3)}not a field`)
    expect(refusal('{message')).toContain(`${at(1)}not a field`)
    expect(refusal('{level:x} {message}')).toBe(`${at(1)}{level} takes no layout`)
    expect(refusal('[{time}] {message}')).toContain(`${at(2)}{time} needs a layout`)
    expect(refusal('{time:YYYY-MM-DD} {message}')).toContain(
      `${at(1)}"YYYY-MM-DD" is not the layout of a time`,
    )
    expect(refusal('{level} {level} {message}')).toBe(`${at(9)}a second {level}`)
    expect(refusal('{message} {level}')).toBe(`${at(1)}{message} must be the last field`)
    expect(refusal('{skip}{message}')).toContain(`${at(1)}{skip} must be followed by the literal characters`)
    expect(refusal('{level} {component}')).toContain(`${at(9)}{component} must be followed by`)
    expect(refusal('a\n{message}')).toBe(`${at(2)}a control character`)
    expect(refusal('no fields')).toContain(`${at(1)}no field`)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClassifier } from '../../src/interpret/classify.ts'
import { createInterpreter, type Interpret } from '../../src/interpret/interpret.ts'
import { redact } from '../../src/interpret/redact.ts'
import type { FileMemory } from '../../src/model.ts'
import { chunkOf } from './chunk-of.ts'

const start = (): Interpret => createInterpreter({ formats: new Map(), classifier: createClassifier([]) })

/** The messages of the lines after they went through one interpreter, cut into chunks of these sizes. */
function shown(lines: readonly string[], sizes: readonly number[] = [lines.length]): string[] {
  const interpret = start()
  let memory: FileMemory = { ts: 0, tsQuality: 0, windows: {} }
  let at = 0
  return sizes.flatMap((size) => {
    const texts = lines.slice(at, at + size)
    at += size
    const chunk = { ...chunkOf(texts), memory: structuredClone(memory) }
    const { replaced } = interpret(chunk)
    memory = chunk.memory
    return texts.map((text, row) => replaced.get(row) ?? text)
  })
}

const MASK = '«redacted:password»'

describe('a word that a traced command reads', () => {
  const readers = [
    '+ realm join --membership-software=adcli --user=Admin corp.local',
    '+ /sbin/realm join --user Admin CORP',
    '+ passwd --stdin root',
    '+ sudo -S yum update',
    '+ kinit Admin@CORP.LOCAL',
    '+ adcli join --stdin-password corp.local',
    '+ openssl enc -aes-256-cbc -pass stdin',
  ]

  it.each(readers)('is masked in the line before %s', (reader) => {
    expect(shown(['+ true', '+ echo CANARYplainpw99', reader])).toEqual(['+ true', `+ echo ${MASK}`, reader])
  })

  it.each(readers)('is masked in the line after %s', (reader) => {
    expect(shown([reader, '+ echo CANARYplainpw99', 'ok'])).toEqual([reader, `+ echo ${MASK}`, 'ok'])
  })

  it('is masked where another end of the pipe stands between', () => {
    expect(shown(['+ tr -d x', '+ echo plainword', '+ cat', '+ kinit Admin'])[1]).toBe(`+ echo ${MASK}`)
  })

  it('is masked after a chunk that ends with the command', () => {
    expect(shown(['+ kinit Admin', '+ echo plainword'], [1, 1])[1]).toBe(`+ echo ${MASK}`)
    expect(shown(['+ chpasswd', 'jdoe:plainword'], [1, 1])[1]).toBe(`jdoe:${MASK}`)
  })

  it('is shown where the command is far, of another depth, or reads no password', () => {
    for (const lines of [
      ['+ echo LinuxDesktop1', '+ a', '+ b', '+ kinit Admin'],
      ['++ echo LinuxDesktop1', '+ kinit Admin'],
      ['+ echo corp.local', '+ realm join corp.local'],
      ["+ echo 'Trying to join'", '+ realm join corp.local'],
      ['+ echo Done', '+ openssl x509 -noout'],
      ['+ echo LinuxDesktop1', '+ tr -d x'],
    ]) {
      expect(shown(lines)).toEqual(lines)
    }
  })
})

describe('lines that a command reads', () => {
  it('are masked up to the name', () => {
    expect(shown(['+ chpasswd', 'jdoe:CANARYchpasswd', 'anna:x9', '+ true'])).toEqual([
      '+ chpasswd',
      `jdoe:${MASK}`,
      `anna:${MASK}`,
      '+ true',
    ])
  })

  it('are masked where cloud-init lists them', () => {
    const lines = ["Set the following 'random' passwords", 'ubuntu:R4nd0m']
    expect(shown(lines)).toEqual([lines[0], `ubuntu:${MASK}`])
  })
})

it('a line that is nothing but the base64 of 32 bytes is masked', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((key) => Buffer.from(key))
  fc.assert(
    fc.property(bytes, fc.constantFrom('base64', 'base64url'), (key, encoding) => {
      const text = key.toString(encoding).replace(/=*$/, '=')
      expect(shown(['a', text, `'${text}'`])).toEqual(['a', '«redacted:secret»', "'«redacted:secret»'"])
    }),
  )
})

it('other lines of that length are shown', () => {
  const lines = ['a'.repeat(44), 'Unable to register Instance in target group =', `${'a'.repeat(42)}==`]
  expect(shown(lines)).toEqual(lines)
})

describe('a private key, each line a record', () => {
  const key = [
    '-----BEGIN RSA PRIVATE KEY-----',
    `MII${'Eow/'.repeat(15)}`,
    'abc/def+ghi=',
    '-----END RSA PRIVATE KEY-----',
    'ok',
  ]
  const masked = [key[0], '«redacted:private-key»', '«redacted:private-key»', key[3], 'ok']

  it('is masked up to its end', () => {
    expect(shown(key)).toEqual(masked)
    expect(shown(key, [1, 1, 3])).toEqual(masked)
  })

  it('ends where other text begins', () => {
    expect(shown([...key.slice(0, 2), 'Done', 'cat: x: No such file'])).toEqual([
      ...masked.slice(0, 2),
      'Done',
      'cat: x: No such file',
    ])
  })
})

it('a key within one record leaves the next ones as they are', () => {
  const record = `-----BEGIN PRIVATE KEY-----\n${'abcd'.repeat(300)}\n-----END PRIVATE KEY-----`
  expect(shown([record, 'Done', '+ echo ok']).slice(1)).toEqual(['Done', '+ echo ok'])
})

describe('a password that was set', () => {
  it('is masked where a trace prints it again, and nowhere far', () => {
    const lines = [
      "+ DS_ADMIN_PASSWORD='Horse bat$7'",
      "+ echo 'Horse bat$7'",
      'a',
      'b',
      'c',
      'd',
      'Horse bat$7',
    ]
    expect(shown(lines)).toEqual([
      `+ DS_ADMIN_PASSWORD='${MASK}'`,
      `+ echo '${MASK}'`,
      'a',
      'b',
      'c',
      'd',
      'Horse bat$7',
    ])
  })

  it('leaves the text around it alone', () => {
    expect(shown(['PASSWORD=Batteryhorse7', 'the horse', 'x=Batteryhorse7;']).slice(1)).toEqual([
      'the horse',
      `x=${MASK};`,
    ])
  })
})

describe('a secret whose quote closes on a later line', () => {
  const FIRST = '"AdminPassword" : "Zq9Secretseventeen'
  const MASKED_FIRST = `"AdminPassword" : "${MASK}`

  it('is masked up to the quote, be its lines one record or some', () => {
    expect(redact(`{\n${FIRST}\ncontinued",\n"user": "bob"\n}`)).toBe(
      `{\n${MASKED_FIRST}",\n"user": "bob"\n}`,
    )
    for (const sizes of [[4], [1, 3], [1, 1, 1, 1], [2, 2]]) {
      expect(shown([FIRST, 'continued",', '"user": "bob"', 'more"'], sizes), `${sizes}`).toEqual([
        ...[MASKED_FIRST, `${MASK}",`, '"user": "bob"', 'more"'],
      ])
    }
    expect(shown([FIRST, 'second', 'third"', 'fourth'])).toEqual([MASKED_FIRST, MASK, `${MASK}"`, 'fourth'])
  })

  it('is no echo of several lines', () => {
    const lines = ["+ echo -e '", 'Compute Node Ready for queue: dcv', "'"]
    expect(shown(lines)).toEqual(lines)
    expect(shown(lines, [1, 1, 1])).toEqual(lines)
  })

  it('is masked line by line, as long as nobody knows where it closes', () => {
    const lines = [FIRST, 'middle', 'last",', '"user": "bob"']
    const masked = [MASKED_FIRST, MASK, `${MASK}",`, '"user": "bob"']
    for (const sizes of [[4], [1, 1, 1, 1], [2, 2], [1, 2, 1]])
      expect(shown(lines, sizes), `${sizes}`).toEqual(masked)
    const next = [FIRST, '+ true', 'x"']
    expect(shown(next, [1, 1, 1])).toEqual([MASKED_FIRST, ...next.slice(1)])
  })

  it('ends with its line where none closes it within three lines, or something else begins', () => {
    const far = ['a', 'b', 'c', 'd"']
    expect(shown([FIRST, ...far])).toEqual([MASKED_FIRST, ...far])
    const next = ['"user": "bob"', 'x"']
    expect(shown([FIRST, ...next])).toEqual([MASKED_FIRST, ...next])
    expect(redact([FIRST, ...next].join('\n'))).toBe([MASKED_FIRST, ...next].join('\n'))
  })
})

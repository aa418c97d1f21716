import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { errorText } from '../src/errors.ts'

it('is the first line of a message, or what was thrown', () => {
  expect(errorText(new Error('no store\nat line 1'))).toBe('no store')
  expect(errorText(new Error('\r\nno memory\r\nat line 1'))).toBe('no memory')
  expect(errorText('stopped')).toBe('stopped')
})

it('is what the first try says, the code or the kind of an error without a message', () => {
  expect(errorText(new AggregateError([new Error('connect ECONNREFUSED ::1:9'), new Error('other')]))).toBe(
    'connect ECONNREFUSED ::1:9',
  )
  expect(errorText(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED')
  expect(errorText(new TypeError(''))).toBe('TypeError')
})

it('says of a refused connection that it is refused, whatever addresses the name has', async () => {
  const error = await new Promise<unknown>((resolve) => {
    connect({ port: 1, host: 'localhost', autoSelectFamily: true }).on('error', resolve)
  })
  expect(errorText(error)).toContain('ECONNREFUSED')
})

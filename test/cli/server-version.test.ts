import { expect, it } from 'vitest'
import { serverVersionCheck } from '../../src/cli/doctor/server-version.ts'

it.each([
  ['24.8.4.13', 'ok'],
  ['24.12.1.1', 'ok'],
  ['25.3.2.39', 'ok'],
  ['26.1', 'ok'],
  ['24.7.6.8', 'fail'],
  ['23.8.16.40', 'fail'],
  ['9.10', 'fail'],
])('a server of version %s: %s', (version, status) => {
  expect(serverVersionCheck(version, 'http://clickhouse:8123').status).toBe(status)
})

it('says what to do about an old one', () => {
  expect(serverVersionCheck('23.8.16.40', 'http://clickhouse:8123')).toEqual({
    check: 'store',
    status: 'fail',
    detail: 'ClickHouse 23.8.16.40 on http://clickhouse:8123 is too old',
    remedy: 'Upgrade the server to 24.8 or newer.',
  })
})

import { expect, it } from 'vitest'
import { missingRights } from '../../src/store/rights-query.ts'

it.each<[string, string[], string[]]>([
  ['the default user', ['GRANT ALL ON *.* TO default WITH GRANT OPTION'], []],
  ['a user of its own', ['GRANT SELECT, INSERT, ALTER DELETE, CREATE ON dcvlens.* TO watcher'], []],
  [
    'rights in several statements',
    [
      'GRANT SELECT ON *.* TO w',
      'GRANT INSERT, CREATE TABLE ON `dcvlens`.* TO w',
      'GRANT CREATE DATABASE ON dcvlens.* TO w',
    ],
    [],
  ],
  ['a wildcard', ['GRANT ALL ON dcv*.* TO w'], []],
  ['a reader', ['GRANT SELECT ON dcvlens.* TO w'], ['INSERT', 'CREATE TABLE', 'CREATE DATABASE']],
  [
    'some columns of one table',
    ['GRANT SELECT(ts, message), INSERT ON dcvlens.lines TO w'],
    ['SELECT', 'INSERT', 'CREATE TABLE', 'CREATE DATABASE'],
  ],
  ['another database', ['GRANT ALL ON logs.* TO w'], ['SELECT', 'INSERT', 'CREATE TABLE', 'CREATE DATABASE']],
  ['a right that is taken away', ['GRANT ALL ON *.* TO w', 'REVOKE INSERT ON dcvlens.* FROM w'], ['INSERT']],
  ['nobody', [], ['SELECT', 'INSERT', 'CREATE TABLE', 'CREATE DATABASE']],
])('the rights of %s', (_, grants, missing) => {
  expect(missingRights(grants)).toEqual(missing)
})

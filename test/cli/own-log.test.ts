import { expect, test } from 'vitest'
import { logText } from '../../src/log.ts'

const TIME = '2026-02-10T08:20:01.500Z'
const told = (rest: object) => logText(JSON.stringify({ level: 40, time: TIME, ...rest }))

test('a line of the own log is text for people: time, level, what happened, and with what', () => {
  expect(told({ path: '/var/log/dcv', reason: 'a FIFO', count: 2, msg: 'not read' })).toBe(
    '08:20:01 warning: not read path=/var/log/dcv reason="a FIFO" count=2\n',
  )
})

test('what a file is called cannot change what a terminal shows', () => {
  expect(told({ path: 'a\u001b[2Jb\u009bc\u202ed', msg: 'x\ny' })).toBe(
    '08:20:01 warning: x\\u000ay path="a\\u001b[2Jb\\u009bc\\u202ed"\n',
  )
})

test('of a fault the stack stands below it, line by line', () => {
  expect(told({ level: 50, reason: 'x', stack: 'Error: x\n    at f', msg: 'a fault' })).toBe(
    '08:20:01 error: a fault reason=x\nError: x\n    at f\n',
  )
})

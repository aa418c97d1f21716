import { expect, it } from 'vitest'
import { shownPlace } from '../../src/cli/shown-place.ts'
import { tableText } from '../../src/cli/table.ts'
import { systemClock } from '../../src/clock.ts'
import { programIo } from '../support/program-io.ts'

const HOST = 'ip-10-0-1-2'

it.each([
  ['/var/log/messages', "sed -n '8,14p' '/var/log/messages'"],
  [`/collected/${HOST}/var/log/messages`, "sed -n '8,14p' '/var/log/messages'"],
  [`case.tgz!/${HOST}/var/log/messages`, "sed -n '8,14p' '/var/log/messages'"],
  [
    `/apps/soca/lab/logs/desktop/ann/cad/${HOST}/ComputeNode.sh.log`,
    `sed -n '8,14p' '/apps/soca/lab/logs/desktop/ann/cad/${HOST}/ComputeNode.sh.log'`,
  ],
  [
    `/collected/${HOST}/ProgramData/EDH/i-0a/02_setup.ps1.log`,
    "Get-Content 'C:\\ProgramData\\EDH\\i-0a\\02_setup.ps1.log' -TotalCount 14 | Select-Object -Skip 7",
  ],
  ["/var/log/o'clock.log", "sed -n '8,14p' '/var/log/o'\\''clock.log'"],
  ['/var/log/\u001b[31mred.log', "sed -n '8,14p' $'/var/log/\\x1b[31mred.log'"],
])('shows %s as its host has it, with the lines around', (file, command) => {
  const shown = shownPlace({ file, offset: 400, line: 10, host: HOST })
  expect(shown.slice(shown.indexOf(': ') + 2)).toBe(command)
})

it('shows bytes where no line is known', () => {
  expect(shownPlace({ file: '/var/log/messages', offset: 400, host: '' })).toBe(
    "tail -c +401 '/var/log/messages' | head -n 5",
  )
})

it('tables hold one line for each row, and no control character', () => {
  const text = tableText(
    [{ head: 'SESSION', cell: (name: string) => name }],
    ['a\nb/s', '\u001b[31mred/s'],
    programIo(systemClock),
  )
  expect(text).toBe('SESSION\na b/s\nred/s\n')
})

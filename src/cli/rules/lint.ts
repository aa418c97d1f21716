import { RULES_FOLDER } from '../../config.ts'
import { lint } from '../../interpret/lint.ts'
import { faultText } from '../../yaml-file.ts'
import type { CommonOptions } from '../command.ts'
import { counted } from '../counted.ts'
import type { Io } from '../io.ts'
import { checkedRules } from './checked-rules.ts'
import { lockFaults } from './lock.ts'
import { slowExpressions } from './redos.ts'

/** Checks rules beyond what loading checks; false if there is a fault. Notes are printed, but are none. */
export async function lintRules(dirs: readonly string[], options: CommonOptions, io: Io): Promise<boolean> {
  const checked = checkedRules(dirs, options, io)
  if (checked === undefined) return false
  const { set, ids } = checked
  const found = lint(set, ids)
  // The shipped expressions are checked when dcvlens is built; to prove them takes minutes.
  const slow = dirs.length > 0 ? await slowExpressions(set.rules.filter(({ id }) => ids.has(id))) : []
  if (slow === undefined) io.err('expressions are not searched for slow cases: `npm install recheck`\n')
  const faults = [
    ...found.filter(({ weight }) => weight === 'fault'),
    ...(slow ?? []).map(({ id, regex, growth }) => ({
      id,
      path: ['match'],
      message: `the time of ${regex} is ${growth} in the length of some text`,
    })),
  ]
  const notes = found.filter(({ weight }) => weight === 'note')
  const unlocked = lockFaults(set, ids, dirs.length > 0 ? dirs : [RULES_FOLDER])
  const told = [...faults.map(({ id, path, message }) => set.fault(id, path, message)), ...unlocked]
  for (const fault of told) io.out(`${faultText(fault)}\n`)
  for (const { id, path, message } of notes) io.out(`${faultText(set.fault(id, path, `note: ${message}`))}\n`)
  io.out(
    `${counted(ids.size, 'rule')}, ${counted(told.length, 'fault')}, ${counted(notes.length, 'note')}
`,
  )
  return told.length === 0
}

import { RULES_FOLDER } from '../../config.ts'
import { lint } from '../../interpret/lint.ts'
import { counted } from '../counted.ts'
import type { Io } from '../io.ts'
import type { LintOptions } from '../rules.ts'
import { checkedRules } from './checked-rules.ts'
import { lockFaults } from './lock.ts'
import { slowExpressions } from './redos.ts'
import { type ToldFault, tellFaults } from './told-faults.ts'

/**
 * Checks rules more strictly than loading does; returns false if there is a fault. Notes do not count as faults, and are
 * printed if they are asked for.
 */
export async function lintRules(dirs: readonly string[], options: LintOptions, io: Io): Promise<boolean> {
  const checked = checkedRules(dirs, options, io)
  if (checked === undefined) return false
  const { set, ids, failed } = checked
  const found = lint(set, ids)
  // The shipped expressions are checked when dcvlens is built, since that takes minutes.
  const slow = dirs.length > 0 ? await slowExpressions(set.rules.filter(({ id }) => ids.has(id))) : []
  if (slow === undefined) io.err('expressions are not searched for slow cases: `npm install recheck`\n')
  const growing = (slow ?? []).map(({ id, regex, growth }) => ({
    ...{ id, path: ['match'], weight: 'fault' as const },
    message: `the time of ${regex} is ${growth} in the length of some text`,
  }))
  const told = [...found, ...growing].map(
    ({ id, path, message, weight }): ToldFault => ({
      ...set.fault(id, path, message),
      ...{ rule_id: id, weight },
    }),
  )
  const isNote = ({ weight }: ToldFault) => weight === 'note'
  const notes = told.filter(isNote)
  const faults = [
    ...failed,
    ...told.filter((fault) => !isNote(fault)),
    ...lockFaults(set, ids, dirs.length > 0 ? dirs : [RULES_FOLDER]),
  ]
  const showsNotes = options.notes === true || options.json === true
  tellFaults(showsNotes ? [...faults, ...notes] : faults, options, io)
  const counts = [counted(ids.size, 'rule'), counted(faults.length, 'fault'), counted(notes.length, 'note')]
  const hint = notes.length > 0 && !showsNotes ? ', shown with --notes' : ''
  if (options.json !== true) io.out(`${counts.join(', ')}${hint}\n`)
  return faults.length === 0
}

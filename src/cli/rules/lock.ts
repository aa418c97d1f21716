import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RULES_FOLDER } from '../../config.ts'
import { errorText, usageError } from '../../errors.ts'
import type { RuleSet } from '../../interpret/load-rules.ts'
import { changedUnderLock, LockFile, type RuleLogic } from '../../interpret/rule-logic.ts'
import type { Fault } from '../../yaml-file.ts'
import type { CommonOptions } from '../command.ts'
import { counted } from '../counted.ts'
import type { Io } from '../io.ts'
import { checkedRules } from './checked-rules.ts'
import { tellFaults } from './told-faults.ts'

/** Records the logic of each version of the rules in a folder; refuses if the logic of a recorded version has changed. */
export async function lockRules(dir: string | undefined, options: CommonOptions, io: Io): Promise<boolean> {
  const checked = checkedRules(dir === undefined ? [] : [dir], options, io)
  if (checked === undefined) return false
  const { set, ids, failed } = checked
  const folder = dir ?? RULES_FOLDER
  const faults = [...failed, ...lockFaults(set, ids, [folder])]
  tellFaults(faults, options, io)
  if (faults.length > 0) return false
  const entries = Object.entries(set.logic).filter(([id]) => ids.has(id))
  const lines = entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, logic]) => `  ${JSON.stringify(id)}: [${logic[0]}, ${JSON.stringify(logic[1])}]`)
  writeFileSync(lockFile(folder), `{\n${lines.join(',\n')}\n}\n`)
  const locked = { rules: ids.size, file: lockFile(folder) }
  io.out(
    options.json === true
      ? `${JSON.stringify(locked)}\n`
      : `${counted(locked.rules, 'rule')} locked in ${locked.file}\n`,
  )
  return true
}

/** A fault for each rule whose logic changed while its version did not. Folders without a lock file have none. */
export function lockFaults(set: RuleSet, ids: ReadonlySet<string>, folders: readonly string[]): Fault[] {
  return folders.flatMap((folder) => {
    const lock = readLock(folder)
    return changedUnderLock(set.logic, lock)
      .filter((id) => ids.has(id))
      .map((id) => {
        const next = (lock[id]?.[0] ?? 0) + 1
        return set.fault(id, ['version'], `its logic changed: raise the version to ${next}`)
      })
  })
}

const lockFile = (folder: string) => join(folder, 'lock.json')

function readLock(folder: string): RuleLogic {
  if (!existsSync(lockFile(folder))) return {}
  try {
    return LockFile.parse(JSON.parse(readFileSync(lockFile(folder), 'utf8')))
  } catch (error) {
    throw usageError(
      'E_LOCK',
      `${lockFile(folder)} is damaged: ${errorText(error)}`,
      'Restore it, or delete it and run `dcvlens rules lock`.',
    )
  }
}

import { usageError } from '../errors.ts'
import type { SessionJson } from '../triage/sessions/session-json.ts'
import { type AddCommand, withCommonOptions } from './command.ts'
import { printItems, tellCut, tellNotRead } from './print-items.ts'
import { type AskOptions, addRange, paramsOf, question } from './question-command.ts'
import { sessionTable } from './question-tables.ts'

export const sessionsCommand: AddCommand = (program, io) => {
  const command = withCommonOptions(program.command('sessions')).description(
    'desktops, newest first, and hosts whose desktop is not known',
  )
  addRange(command)
    .option('--owner <NAME>', 'only those of this user')
    .option(
      '--status <STATUS>',
      'only those that are ready, failed, stalled, in_progress, stopped or unknown',
    )
    .option('--active', 'only those that are active in the portal')
    .option('--inactive', 'only those that were deleted from the portal')
    .option('--uuid <ID>', 'only the one with this id in the portal')
    .option('--off <DAY>', 'only those whose schedule keeps them off on this day (monday, …)')
    .option('--limit <N>', 'at most this many (default: 1000)')
    .action(async (options: AskOptions) => {
      const { active, inactive, owner, status, uuid, off, from, to } = options
      if (active === true && inactive === true) {
        throw usageError('E_OPTION', '--active and --inactive exclude each other', 'Give one of them.')
      }
      const page = await question('sessions', paramsOf({}, options, io), options, io)
      const isSifted = [active, inactive, owner, status, uuid, off, from, to].some((one) => one !== undefined)
      const none = isSifted ? 'no desktop matches' : 'no desktops are known yet'
      const items = page.items as readonly SessionJson[]
      printItems(items, options, io, { text: (rows) => sessionTable(rows, options, io), none })
      tellCut(page, options, io)
      tellNotRead(page, io)
    })
}

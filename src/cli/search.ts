import type { EventJson } from '../event-json.ts'
import { type AddCommand, withCommonOptions } from './command.ts'
import { printItems, tellCut } from './print-items.ts'
import { type AskOptions, addRange, numbered, paramsOf, question } from './question-command.ts'
import { eventLines } from './question-tables.ts'

export const searchCommand: AddCommand = (program, io) => {
  const command = withCommonOptions(program.command('search')).description(
    'lines that contain a text, newest first',
  )
  addRange(command)
    .argument('<TEXT>', 'text in the message; upper and lower case are the same')
    .option('--session <OWNER/NAME>', 'only this desktop with the logs of its hosts, or this host')
    .option('--host <NAME>', 'only this host')
    .option('--source <KIND>', 'only this kind of log')
    .option('--severity <SEVERITY>', 'only events at or above info, warning, error or critical')
    .option('--rule <ID>', 'only lines that this rule matches')
    .option('--kind <KIND>', 'only events that are a signature, a milestone or unknown')
    .option('--limit <N>', 'at most this many (default: 100)')
    .action(async (text: string, options: AskOptions) => {
      const page = await question('search', paramsOf({ text }, options, io), options, io)
      const items = [...page.items] as EventJson[]
      const shown = options.json === true ? items : await numbered(items, options, io)
      printItems(shown, options, io, {
        text: (rows) => eventLines(rows, options, io),
        none: 'no line contains it',
      })
      tellCut(page, options, io)
    })
}

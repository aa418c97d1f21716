import type { TrendJson } from '../triage/trends.ts'
import { type AddCommand, withCommonOptions } from './command.ts'
import { printItems } from './print-items.ts'
import { type AskOptions, addRange, paramsOf, question } from './question-command.ts'
import { trendTable } from './question-tables.ts'

export const trendsCommand: AddCommand = (program, io) => {
  const command = withCommonOptions(program.command('trends')).description('failures over time')
  addRange(command)
    .option('--bucket <SIZE>', '1m, 5m, 15m, 1h or 1d (default: 1h)')
    .option('--rule <ID>', 'only this rule')
    .option('--session <OWNER/NAME>', 'only this desktop with the logs of its hosts, or this host')
    .option(
      '--severity <SEVERITY>',
      'only events at or above info, warning, error or critical (default: warning; all of --rule)',
    )
    .option('--milestones', 'count milestones as well')
    .action(async (options: AskOptions) => {
      const { items } = await question('trends', paramsOf({}, options, io), options, io)
      printItems(items as readonly TrendJson[], options, io, {
        text: (rows) => trendTable(rows, options, io),
        none: 'no failures',
      })
    })
}

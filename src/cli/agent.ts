import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'

export const agentCommand: AddCommand = (program, io) => {
  withCommonOptions(program.command('agent'))
    .description(
      'watch this machine and write to a ClickHouse server (--store) until stopped; has no page and no API',
    )
    .action(async (options: CommonOptions) => {
      await (await import('./running-agent.ts')).runAgent(options, io)
    })
}

import { Exit } from '../errors.ts'
import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'

export const doctorCommand: AddCommand = (program, io, setExit) => {
  withCommonOptions(program.command('doctor'))
    .description(
      'check that everything can be read, written and reached, with a remedy for each fault; changes nothing',
    )
    .action(async (options: CommonOptions) => {
      const { examine } = await import('./doctoring.ts')
      if (!(await examine(options, io))) setExit(Exit.findings)
    })
}

import { Exit } from '../errors.ts'
import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'

export const verifyCommand: AddCommand = (program, io, setExit) => {
  withCommonOptions(program.command('verify'))
    .description('read the watched files again and compare them with the store, row by row')
    .argument('[PATH...]', 'files or folders (default: the default locations of this machine)')
    .action(async (paths: string[], options: CommonOptions) => {
      const { verify } = await import('./verifying.ts')
      if (!(await verify(paths, options, io))) setExit(Exit.findings)
    })
}

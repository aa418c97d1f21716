import { Exit } from '../errors.ts'
import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'

export const probeCommand: AddCommand = (program, io, setExit) => {
  withCommonOptions(program.command('probe'))
    .description('request the address of a desktop and explain its response headers')
    .argument('<URL>', 'https://LOAD-BALANCER/HOST/; - reads what `curl -k -I` (or -v) printed from stdin')
    .action(async (url: string, options: CommonOptions) => {
      const { probe } = await import('./probing.ts')
      if (!(await probe(url, options, io))) setExit(Exit.findings)
    })
}

import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'

export type ServeOptions = CommonOptions & {
  readonly demo?: boolean
  readonly host: string
  readonly port: string
}

export const serveCommand: AddCommand = (program, io) => {
  withCommonOptions(program.command('serve'))
    .description('watch, store and answer until stopped')
    .option('--demo', 'create a small live cluster in a temporary folder and watch it')
    .option('--host <ADDRESS>', 'address to listen on', '127.0.0.1')
    .option('--port <N>', 'port to listen on (0: any free one)', '8125')
    .action(async (options: ServeOptions) => {
      if (options.demo === true) await (await import('./serving-demo.ts')).serveDemo(options, io)
      else await (await import('./serving.ts')).serveConfigured(options, io)
    })
}

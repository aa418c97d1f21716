import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'

/** Options of `templates`. */
export type TemplatesOptions = CommonOptions & { readonly final?: boolean }

export const templatesCommand: AddCommand = (program, io) => {
  withCommonOptions(program.command('templates'))
    .description(
      'print the template of each line: id, template, 1 if it is new; as known when the line is read',
    )
    .argument('[FILE]', 'lines to read; without it, or with -, stdin is read')
    .option('--final', 'answer after the last line, with the ids that were found to be one resolved')
    .action(async (file: string | undefined, options: TemplatesOptions) => {
      const { nameTemplates } = await import('./templating.ts')
      await nameTemplates(file, options, io)
    })
}

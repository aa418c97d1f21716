import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { Exit } from '../errors.ts'
import { PACKAGE_FOLDER } from '../program-folder.ts'
import type { Io } from './io.ts'

/** A program or one of its commands. */
export type Program = Command

/** Adds a command to the program; the command passes an exit code other than 0 to `setExit`. */
export type AddCommand = (program: Program, io: Io, setExit: (code: number) => void) => void

/** Options that every command takes. */
export type CommonOptions = {
  readonly config?: string
  readonly data?: string
  readonly store?: string
  readonly root?: string
  readonly rules?: readonly string[]
  readonly json?: boolean
}

/** The version that is installed. */
export function programVersion(): string {
  const file = join(PACKAGE_FOLDER, 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

/** The program without its commands; it throws instead of exiting. */
export function newProgram(io: Io): Command {
  return new Command('dcvlens')
    .description('Explains why DCV desktops on SOCA / EDH clusters fail, from their logs.')
    .version(programVersion())
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('Run with --help to see what it takes.')
}

/** Adds the options that all commands have in common. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--config <FILE>', 'settings (YAML)')
    .option('--data <DIR>', 'embedded store, journal and checkpoints (default: ./data)')
    .option('--store <URL>', 'a ClickHouse server instead of the embedded engine')
    .option('--root <DIR>', 'look for the default locations below DIR')
    .option('--rules <DIR>', 'additional layouts, formats and signatures; can be repeated', collect)
    .option('--json', 'one JSON object per line on stdout')
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

/**
 * The exit code if the command line was wrong or only asked for help; undefined for any other error. The only door to
 * commander.
 */
export function usageExit(error: unknown): number | undefined {
  if (!(error instanceof CommanderError)) return undefined
  return error.exitCode === 0 ? Exit.done : Exit.usage
}

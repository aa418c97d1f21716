import { Exit } from '../errors.ts'
import { type AddCommand, type CommonOptions, type Program, withCommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { LOCAL_TIMES } from './time-option.ts'

export type ListOptions = CommonOptions & {
  readonly severity?: string
  readonly phase?: string
  readonly status?: string
  readonly source?: string
}
export type ExplainOptions = CommonOptions & { readonly source?: string; readonly profile?: string }
export type LintOptions = CommonOptions & { readonly notes?: boolean }
export type CoverageOptions = CommonOptions & { readonly from?: string; readonly neverFired?: boolean }
export type ApplyOptions = CommonOptions & { readonly since: string }
export type BacktestOptions = ApplyOptions
export type NewOptions = CommonOptions & {
  readonly from?: string
  readonly fromSignature?: string
  readonly id?: string
}

/** Adds `rules` and its commands; what a command needs is loaded when it runs. */
export const rulesCommand: AddCommand = (program, io, setExit) => {
  const rules = program.command('rules').description('list, check and write rules')
  const check = (ok: boolean) => {
    if (!ok) setExit(Exit.findings)
  }
  withCommonOptions(rules.command('list'))
    .description('all rules, one line each')
    .option('--severity <SEVERITY>', 'only those of this severity')
    .option('--phase <PHASE>', 'only those of this phase')
    .option('--status <STATUS>', 'only draft, experimental, stable or deprecated ones')
    .option('--source <KIND>', 'only those that look at this kind of file')
    .action(async (options: ListOptions) => (await import('./rules/list.ts')).listRules(options, io))
  withCommonOptions(rules.command('show'))
    .description('one rule in full')
    .argument('<ID>', 'its id')
    .action(async (id: string, options: CommonOptions) =>
      (await import('./rules/show.ts')).showRule(id, options, io),
    )
  addChecks(rules, io, check)
  withCommonOptions(rules.command('explain'))
    .description('which rules match a line and why, and which almost match')
    .argument(
      '<LINE>',
      'the record as it is in the log, after -- if it begins with -; - alone reads it from stdin',
    )
    .option('--source <KIND>', 'the kind of log that contains it', 'generic')
    .option('--profile <PROFILE>', 'the product generation that wrote it', 'host')
    .action(async (line: string, options: ExplainOptions) =>
      (await import('./rules/explain.ts')).explainGiven(line, options, io),
    )
  withCommonOptions(rules.command('coverage'))
    .description('the share of failures that the rules explain, by kind of file')
    .argument('[PATH...]', 'files or folders; the store if none is named')
    .option('--from <TIME>', `in the store, not before: ${LOCAL_TIMES}`)
    .option('--never-fired', 'list the rules about failures that matched nothing there')
    .action(async (paths: string[], options: CoverageOptions) =>
      (await import('./rules/coverage.ts')).ruleCoverage(paths, options, io),
    )
  addReplays(rules, io)
  withCommonOptions(rules.command('new'))
    .description('a draft of a rule from an example, on stdout')
    .option('--from <LINE>', 'the record that the rule is to match')
    .option('--from-signature <ID>', 'the newest example of a signature, as `dcvlens signatures` lists them')
    .option('--id <ID>', 'its id')
    .action(async (options: NewOptions) => (await import('./rules/new.ts')).newRule(options, io))
}

function addChecks(rules: Program, io: Io, check: (ok: boolean) => void): void {
  withCommonOptions(rules.command('lint'))
    .description('check rules: form, expressions, overlaps, references; exit code 1 if there is a fault')
    .argument('[DIR...]', 'folders with `signatures`; the shipped rules if none is named')
    .option(
      '--notes',
      'list notes, too: captures that no text uses, rules without a near miss; --json always does',
    )
    .action(async (dirs: string[], options: LintOptions) =>
      check(await (await import('./rules/lint.ts')).lintRules(dirs, options, io)),
    )
  withCommonOptions(rules.command('test'))
    .description('try rules on their own samples; exit code 1 if one fails')
    .argument('[DIR...]', 'folders with `signatures`; the shipped rules if none is named')
    .action(async (dirs: string[], options: CommonOptions) =>
      check(await (await import('./rules/test.ts')).testRules(dirs, options, io)),
    )
  withCommonOptions(rules.command('lock'))
    .description('record the logic of each version: whoever changes it must raise the version')
    .argument('[DIR]', 'a folder with `signatures`; the shipped rules if none is named')
    .action(async (dir: string | undefined, options: CommonOptions) =>
      check(await (await import('./rules/lock.ts')).lockRules(dir, options, io)),
    )
}

function addReplays(rules: Program, io: Io): void {
  const since = ['--since <TIME>', `lines not older than ${LOCAL_TIMES}`] as const
  withCommonOptions(rules.command('backtest'))
    .description('try a draft on the stored lines: how many events, in how many desktops')
    .argument('<FILE>', 'a file of signatures')
    .option(...since, '30d')
    .action(async (file: string, options: BacktestOptions) =>
      (await import('./rules/backtest.ts')).backtestFile(file, options, io),
    )
  withCommonOptions(rules.command('apply'))
    .description('classify stored lines again by the rules as they are now, and say what changes')
    .requiredOption(...since)
    .action(async (options: ApplyOptions) => (await import('./rules/apply.ts')).applyStored(options, io))
}

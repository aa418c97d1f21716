import { Exit } from '../errors.ts'
import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'
import { TIMES } from './time-option.ts'

export type ListOptions = CommonOptions & { readonly state?: string; readonly utc?: boolean }
export type SilenceOptions = CommonOptions & {
  readonly for: string
  readonly by: string
  readonly comment: string
}
export type TestOptions = CommonOptions & {
  readonly from: string
  readonly to?: string
  readonly step: string
  readonly utc?: boolean
}

/** Adds `alerts` and its commands; what a command needs is loaded when it runs. */
export const alertsCommand: AddCommand = (program, io, setExit) => {
  const alerts = program
    .command('alerts')
    .description('list and silence alerts, test alert rules and receivers')
  withCommonOptions(alerts.command('list'))
    .description('alerts that are firing, pending or resolved, the worst first')
    .option('--state <STATE>', 'only firing, pending or resolved ones')
    .option('--utc', 'show times in UTC')
    .action(async (options: ListOptions) => (await import('./alerts/list.ts')).listAlerts(options, io))
  withCommonOptions(alerts.command('show'))
    .description('one alert in full')
    .argument('<FINGERPRINT>', 'as `alerts list` shows it; its first characters are enough')
    .option('--utc', 'show times in UTC')
    .action(async (fingerprint: string, options: ListOptions) =>
      (await import('./alerts/show.ts')).showAlert(fingerprint, options, io),
    )
  withCommonOptions(alerts.command('silence'))
    .description('send no notices of some alerts for a while')
    .argument(
      '<MATCHER...>',
      'like alertname=new-failure, severity!=critical, cluster=~"soca-.*"; all must hold',
    )
    .requiredOption('--for <TIME>', 'how long: 30m, 2h, 1d')
    .requiredOption('--by <NAME>', 'who asks for it')
    .requiredOption('--comment <TEXT>', 'why')
    .action(async (matchers: string[], options: SilenceOptions) =>
      (await import('./alerts/silences.ts')).addSilence(matchers, options, io),
    )
  withCommonOptions(alerts.command('unsilence'))
    .description('end a silence now')
    .argument('<ID>', 'as `alerts silences` shows it')
    .action(async (id: string, options: CommonOptions) =>
      (await import('./alerts/silences.ts')).removeSilence(id, options, io),
    )
  withCommonOptions(alerts.command('silences'))
    .description('silences that are active, scheduled or recently ended')
    .option('--utc', 'show times in UTC')
    .action(async (options: ListOptions) => (await import('./alerts/silences.ts')).listSilences(options, io))
  withCommonOptions(alerts.command('test-receiver'))
    .description('send a test notice; exit code 1 if it does not arrive')
    .argument('<NAME>', 'a receiver in the file that `alerting` names in the settings')
    .action(async (name: string, options: CommonOptions) => {
      const arrived = await (await import('./alerts/test-receiver.ts')).testReceiver(name, options, io)
      if (!arrived) setExit(Exit.findings)
    })
  withCommonOptions(alerts.command('test'))
    .description(
      'which alerts the rules in a file would have raised on stored history: when, and for how long',
    )
    .argument('<FILE>', 'a file of alert rules')
    .option('--from <TIME>', `from then on: ${TIMES}`, '7d')
    .option('--to <TIME>', 'up to this time (default: now)')
    .option('--step <TIME>', 'how often the rules are evaluated', '5m')
    .option('--utc', 'show times in UTC')
    .action(async (file: string, options: TestOptions) =>
      (await import('./alerts/test-rules.ts')).testAlertRules(file, options, io),
    )
}

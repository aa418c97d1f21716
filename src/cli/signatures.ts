import { type AddCommand, type CommonOptions, type Program, withCommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { TIMES } from './time-option.ts'

/** Options of `signatures` and of its decisions. */
export type SignaturesOptions = CommonOptions & {
  readonly kind?: string
  readonly state?: string
  readonly severity?: string
  readonly q?: string
  readonly from?: string
  readonly to?: string
  readonly limit?: string
  readonly utc?: boolean
}
export type DecideOptions = CommonOptions & {
  readonly until?: string
  readonly below?: string
  readonly note?: string
  readonly by?: string
  readonly utc?: boolean
}

const DECISIONS = [
  ['ack', 'somebody is looking into it'],
  ['ignore', 'it does not matter: forever, until a time, or until a count'],
  ['resolve', 'it is mended; if it comes back, it is regressed'],
  ['reopen', 'it is open again, as if it were new'],
] as const

export const signaturesCommand: AddCommand = (program, io) => {
  const signatures = withCommonOptions(program.command('signatures'))
    .description('kinds of failure, known (rules) and unknown (templates): how often, since when')
    .option('--kind <KIND>', 'only rule or template')
    .option('--state <STATE>', 'only new, acknowledged, known, ignored, resolved or regressed ones')
    .option(
      '--severity <SEVERITY>',
      'only those at or above info, warning, error or critical (default: warning)',
    )
    .option('--q <TEXT>', 'only those whose id, title or example contains it')
    .option('--from <TIME>', `events not before: ${TIMES}`)
    .option('--to <TIME>', 'events before')
    .option('--limit <N>', 'at most this many (default: 1000)')
    .option('--utc', 'show times in UTC')
    .action(async (options: SignaturesOptions) =>
      (await import('./signature-list.ts')).listSignatures(options, io),
    )
  for (const [action, text] of DECISIONS) addDecision(signatures, action, text, io)
  const history = withCommonOptions(signatures.command('history'))
    .description('what was decided about it, by whom and why, and how its state changed')
    .argument('<ID>', 'of a signature')
  history.action(async (id: string) =>
    (await import('./signature-history.ts')).showHistory(id, history.optsWithGlobals(), io),
  )
}

function addDecision(signatures: Program, action: (typeof DECISIONS)[number][0], text: string, io: Io): void {
  const command = withCommonOptions(signatures.command(action))
    .description(text)
    .argument('<ID>', 'of a signature')
  if (action === 'ignore') {
    command
      .option(
        '--until <TIME>',
        '2h or 7d from now, or a time (local unless it names a zone; with --utc in UTC)',
      )
      .option('--below <N>', 'until it occurred this many more times')
  }
  command.option('--by <NAME>', 'who decides it (default: the user of this machine)')
  command.option('--note <TEXT>', 'why').action(async (id: string) => {
    // Options that the list also has are parsed by the list, wherever they are given.
    const options = command.optsWithGlobals<DecideOptions>()
    await (await import('./signature-decision.ts')).decideSignature(action, id, options, io)
  })
}

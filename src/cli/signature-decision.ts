import { userInfo } from 'node:os'
import { loadConfig } from '../config.ts'
import { usageError } from '../errors.ts'
import { parameterFault } from '../triage/answers.ts'
import { type Change, ChangeSchema } from '../triage/novelty/change-state.ts'
import { openAnswers } from './ask.ts'
import type { Io } from './io.ts'
import { noSignature } from './no-signature.ts'
import { printable } from './printable.ts'
import type { DecideOptions } from './signatures.ts'
import { futureTime } from './time-option.ts'

/** Stores a decision about a signature and prints the signature as it is now. */
export async function decideSignature(
  action: Change['action'],
  id: string,
  options: DecideOptions,
  io: Io,
): Promise<void> {
  const { below, note } = options
  const until = futureTime('until', options.until, io.clock.nowMs(), options)
  const author = options.by ?? userHere(io)
  const change = checked({
    action,
    ...(until === undefined ? {} : { until }),
    ...(below === undefined ? {} : { below }),
    ...(note === undefined ? {} : { note }),
    author,
  })
  const answers = await openAnswers(loadConfig(options.config, options), io)
  try {
    const signature = await answers.change(id, change)
    if (signature === undefined) throw noSignature(id)
    if (options.json === true) io.out(`${JSON.stringify(signature)}\n`)
    else io.out(`${signature.id} is ${signature.state} now: ${printable(signature.title, '  ')}\n`)
  } finally {
    await answers.close()
  }
}

/** The user of this command, as the machine knows them. */
function userHere({ env }: Io): string {
  try {
    return userInfo().username
  } catch {
    // The user id may have no name, as in a container.
    return env['USER'] ?? `user ${process.getuid?.() ?? ''}`.trim()
  }
}

function checked(change: Change): Change {
  try {
    ChangeSchema.parse(change)
    return change
  } catch (error) {
    const fault = parameterFault(error)
    if (fault === undefined) throw error
    throw usageError(
      'E_OPTION',
      `--${fault.name === 'author' ? 'by' : fault.name} ${fault.text}`,
      `See \`dcvlens signatures ${change.action} --help\`.`,
    )
  }
}

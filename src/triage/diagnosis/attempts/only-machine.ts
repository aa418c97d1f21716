import { askedOs, type Draft, giveMachine } from './draft.ts'
import { cameUpAfter } from './found-machines.ts'
import { isOfWindows } from './machines.ts'

/**
 * The logs of a single machine need not say which desktop it is. If the portal asked for exactly one desktop that has no
 * logs, it is that one.
 */
export function nameTheOnlyMachine(drafts: Map<string, Draft>, nameless: ReadonlySet<string>): void {
  const asked = [...drafts].filter(([, { files }]) => files.length === 0)
  const machines = [...drafts.values()].filter(
    ({ files, owner }) => owner === '' && files.some(({ file }) => nameless.has(file)),
  )
  const [[key, request] = [], machine] = [asked[0], machines[0]]
  if (key === undefined || request === undefined || machine === undefined) return
  if (asked.length > 1 || machines.length > 1 || !isAskedAs(request, machine)) return
  if (!request.events.some(({ ts }) => cameUpAfter(machine, Date.parse(ts)))) return
  giveMachine(request, machine)
  drafts.delete(key)
}

/** Does the machine run the operating system that was asked for, if the request names one? */
function isAskedAs(request: Draft, machine: Draft): boolean {
  const os = askedOs(request)
  return os === undefined || (os === 'windows') === machine.files.some(isOfWindows)
}

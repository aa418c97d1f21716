import { isShared } from '../story.ts'
import { askedOs, type Draft, giveMachine } from './draft.ts'
import { REQUEST } from './found-machines.ts'
import { isOfWindows } from './machines.ts'

/** A machine begins its user data within this time after it was asked for, unless something is wrong. */
const BOOT_MS = 20 * 60_000

/**
 * Gives a machine whose logs name nobody to the desktop without logs right after whose request it booted: if no other request
 * and no other machine fit the two.
 */
export function nameByBoot(drafts: Map<string, Draft>): void {
  const machines = [...drafts.values()].filter(({ files, owner }) => files.length > 0 && owner === '')
  const requests = [...drafts].filter(([, { files, owner }]) => files.length === 0 && owner !== '')
  const fitting = requests.map(([key, request]) => ({
    key,
    request,
    fit: machines.filter((machine) => fits(request, machine)),
  }))
  for (const { key, request, fit } of fitting) {
    const [machine, ...others] = fit
    if (machine === undefined || others.length > 0) continue
    if (fitting.some((other) => other.request !== request && other.fit.includes(machine))) continue
    giveMachine(request, machine)
    drafts.delete(key)
  }
}

function fits(request: Draft, machine: Draft): boolean {
  const os = askedOs(request)
  if (os !== undefined && (os === 'windows') !== machine.files.some(isOfWindows)) return false
  if (isOther(request.tokens, machine.tokens)) return false
  const bootMs = bootOf(machine)
  return request.events.some(({ rule_id, ts, ts_quality }) => {
    const sinceMs = bootMs - Date.parse(ts)
    return rule_id === REQUEST && ts_quality === 'parsed' && sinceMs >= 0 && sinceMs <= BOOT_MS
  })
}

/** Are both instances known, and different? */
function isOther(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const instances = [...one].filter((token) => token.startsWith('i-'))
  const known = [...other].filter((token) => token.startsWith('i-'))
  return instances.length > 0 && known.length > 0 && !instances.some((instance) => other.has(instance))
}

/** When its user data began, in ms; infinite if its logs do not say. */
function bootOf({ events }: Draft): number {
  const begun = events.filter(
    ({ kind, phase, ts_quality, source }) =>
      kind === 'milestone' && phase === 'user-data' && ts_quality === 'parsed' && !isShared(source),
  )
  return Math.min(...begun.map(({ ts }) => Date.parse(ts)), Number.POSITIVE_INFINITY)
}

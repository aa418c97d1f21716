import type { EventJson } from '../../../event-json.ts'
import type { Attempt } from '../story.ts'

/** What an instance is made of, as far as its logs say; by name. */
export type Traits = Readonly<Record<string, string>>

/** The first group of an expression is the value; the last event that has one counts. */
const WRITTEN: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['instance_type', /\binstance_?type['"]?[=:]\s*u?['"]?([a-z][a-z0-9-]{1,15}\.[a-z0-9-]{2,16})\b/i],
  ['ami', /\b(ami-[0-9a-f]{8,17})\b/],
  ['subnet', /\b(subnet-[0-9a-f]{8,17})\b/],
  ['dcv_version', /\bnice-dcv-(?:server-)?(?:x64-Release-)?(\d{4}\.\d+[-.]\d+)/],
  ['domain_controller', /\bldaps?:\/\/([A-Za-z0-9.-]{1,253})/],
]
/** Captures that carry the same facts: by the name of the capture and the phase of its rule. */
const CAPTURED: readonly (readonly [name: string, capture: string, phase: string])[] = [
  ['domain_controller', 'server', 'identity'],
  ['dcv_version', 'dcv_version', 'dcv-install'],
  ['load_balancer', 'balancer', 'load-balancer'],
]

/** The name by which the load balancer knows a desktop, `ip-10-0-0-1`; '' if it is not known. Windows is often known by its instance. */
export function addressIn({ host, traits }: { readonly host: string; readonly traits: Traits }): string {
  return traits['address'] ?? (host.startsWith('ip-') ? host : '')
}

/**
 * Reads the instance type, image, subnet, version of DCV, domain controller and load balancer from an attempt's events; the
 * address is there where the host is not called by it.
 */
export function traitsOf({ events, host, address }: Attempt): Traits {
  const traits: Record<string, string> = address === '' || address === host ? {} : { address }
  for (const event of events) Object.assign(traits, traitsIn(event))
  const version = traits['dcv_version']?.replaceAll('-', '.')
  return version === undefined ? traits : { ...traits, dcv_version: version }
}

function traitsIn({ kind, message, captures = {}, phase }: EventJson): Traits {
  const isTelling = kind === 'milestone' || phase === 'launch'
  const written = (isTelling ? WRITTEN : []).flatMap(([name, pattern]) => {
    const value = pattern.exec(message)?.[1]
    return value === undefined ? [] : [[name, value] as const]
  })
  const captured = CAPTURED.flatMap(([name, capture, of]) => {
    const value = captures[capture]
    return value === undefined || phase !== of ? [] : [[name, value] as const]
  })
  return Object.fromEntries([...written, ...captured])
}

import type { Desktop } from './desktops.ts'
import { millis } from './moments.ts'
import type { Log } from './scenario.ts'
import { SOCA2 } from './soca2-node.ts'

export type Line = { readonly minute: number; readonly text: string }

/** The log of the portal of SOCA 2: what is given, by time. */
export function apiLog(...parts: readonly (readonly Line[])[]): Log {
  const lines = parts.flat().toSorted((a, b) => a.minute - b.minute)
  return {
    path: `/apps/soca/${SOCA2}/cluster_web_ui/logs/api.log`,
    lines: lines.map(({ text }) => text),
    end: lines.at(-1)?.minute ?? 0,
  }
}

/** One line of the portal. */
export function api(minute: number, level: 'INFO' | 'ERROR', module: string, text: string): Line {
  return { minute, text: `[${millis(minute)}] [${level}] [${module}] [${text}]` }
}

/** A desktop was asked for and got its instance. */
export function asked(one: Desktop): Line[] {
  return [...wanted(one), ...polled(one, one.begin + 2, 302)]
}

/** A desktop was asked for. */
export function wanted({ session, owner, begin }: Desktop): Line[] {
  const words = `{'instance_type': 'm5.xlarge', 'disk_size': '30', 'session_name': '${session}', 'instance_ami': 'base', 'subnet_id': None, 'hibernate': 'false'}`
  return [
    api(begin, 'INFO', 'create_linux_desktop', `Received parameter for new Linux DCV session: ${words}`),
    api(begin, 'INFO', 'list_desktops', `Checking linux desktops for ${owner}`),
    api(begin + 0.6, 'INFO', 'list_desktops', 'Host Info {}'),
  ]
}

/** The portal asked the desktop for its state and got this HTTP status. */
export function polled({ host, address, instance }: Desktop, minute: number, status: number): Line[] {
  const info = `{'private_dns': '${host}', 'private_ip': '${address}', 'instance_id': '${instance}', 'status': 'running'}`
  const url = `https://${SOCA2}-viewer-17.eu-central-1.elb.amazonaws.com/${host}/`
  return [
    api(minute, 'INFO', 'list_desktops', `Host Info ${info}`),
    api(
      minute,
      'INFO',
      'list_desktops',
      `Checking ${url} for <LinuxDCVSessions 7> and received status ${status} `,
    ),
  ]
}

/** A desktop that was asked for, came up, and let its owner in. */
export function usedWell(one: Desktop): Line[] {
  const up = one.begin + 30
  return [...asked(one), ...polled(one, one.begin + 9, 502), ...polled(one, up, 200), ...login(one, up + 2)]
}

/** One that never answered but with this. */
export function unanswered(one: Desktop, status = 502): Line[] {
  return [...asked(one), ...[12, 40, 90].flatMap((later) => polled(one, one.begin + later, status))]
}

/** Its owner's token was shown to the portal, which said this of it. */
export function login(
  { uuid, address }: Desktop,
  minute: number,
  answers: readonly string[] = ['INFO Successfully authenticated session'],
): Line[] {
  const token = `{'sessionId': '${uuid}', 'authenticationToken': 'bm9uZQ', 'clientAddress': '10.20.0.38:2098'} and remote_addr ${address}`
  return [
    api(minute, 'INFO', 'authenticator', 'DCV Authentication'),
    api(minute, 'INFO', 'authenticator', `Detected ${token}`),
    ...answers.map((answer) => {
      const level = answer.startsWith('ERROR') ? 'ERROR' : 'INFO'
      return api(minute, level, 'authenticator', answer.replace(/^\w+ /, ''))
    }),
  ]
}

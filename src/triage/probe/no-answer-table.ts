import type { ProbeFinding } from './decision-row.ts'

/** A row of the table: the words of the system or of curl, and what they mean. */
type Row = ProbeFinding & {
  readonly error: RegExp
  /** The load balancer was reached, so it tells of the desktop; no other row does. */
  readonly isOfDesktop?: true
}

/** How `askHeaders` says that the connection stood and no header came. */
export const SILENCE = 'no headers in time'

/** Why there was no answer; the first row that matches counts. Sources: Node's error codes, and the exit codes of curl. */
const NO_ANSWERS: readonly Row[] = [
  {
    error: /could not resolve|ENOTFOUND|EAI_AGAIN|\(6\)/i,
    ok: false,
    phase: 'connect',
    title: 'The name of the load balancer is not known here',
    explain: 'No name server of this machine knows it.',
    remedy: ['Check the spelling of the address, and the DNS of this machine.'],
  },
  {
    error: new RegExp(`${SILENCE}|with 0 bytes received`),
    isOfDesktop: true,
    ok: false,
    phase: 'load-balancer',
    title: 'The load balancer takes the request and nothing comes back',
    explain:
      'It waits for the desktop, usually 60 s: the port of the desktop is blocked, or what listens there hangs.',
    remedy: [
      'Check that the security group of the desktop and the network ACLs of its subnet let the load balancer in on 8443.',
      'On the host, `ss -ltnp | grep 8443` and `systemctl status dcvserver`.',
    ],
  },
  {
    error: /proxy/i,
    ok: false,
    phase: 'connect',
    title: 'A proxy on the way refuses the request',
    explain: 'The answer is of the proxy; neither the load balancer nor the desktop was asked.',
    remedy: [
      'Ask without it: `curl --noproxy "*"`, or unset `HTTPS_PROXY`; or allow the address in the proxy.',
    ],
  },
  {
    error: /timed? ?out|ETIMEDOUT|\(28\)/i,
    ok: false,
    phase: 'load-balancer',
    title: 'The load balancer cannot be reached from here',
    explain: 'No connection came about: most often a security group does not let this machine in.',
    remedy: [
      'Check that the security group of the load balancer allows 443 from here.',
      'Ask once more from another network.',
    ],
  },
  {
    error: /ECONNRESET|socket hang up|empty reply|\(52\)|\(56\)/i,
    ok: false,
    phase: 'connect',
    title: 'The connection was cut before an answer came',
    explain:
      'Something took the connection and closed it: a proxy or firewall, or a server that is stopping.',
    remedy: [
      'Ask again; if it stays, ask from a host in the VPC, which tells whether it is the way or the desktop.',
    ],
  },
  {
    error: /refused|ECONNREFUSED|\(7\)/i,
    ok: false,
    phase: 'load-balancer',
    title: 'Nothing listens at this address',
    explain: 'The host answers and takes no connection at this port.',
    remedy: ['Check the port and the listeners of the load balancer.'],
  },
  {
    error: /ssl|tls|certificate|\(35\)|\(60\)|EPROTO/i,
    ok: false,
    phase: 'connect',
    title: 'No secure connection can be made',
    explain: 'The two sides do not agree on a protocol, or something between them breaks it.',
    remedy: ['`openssl s_client -connect ADDRESS:PORT` shows how far it comes.'],
  },
  {
    error: /^HPE_/,
    ok: false,
    phase: 'connect',
    title: 'What answered does not speak HTTP',
    explain: 'Something took the connection, and what it sent is no answer to a request for headers.',
    remedy: ['Check the port in the address, and the proxies on the way.'],
  },
]

/** For errors in no row. */
const NO_ANSWER: Row = {
  error: /^/,
  ok: false,
  inconclusive: true,
  phase: 'connect',
  title: 'There was no answer, for a reason that is not known',
  explain: 'The request failed before any header came back.',
  remedy: ['Ask once more with `curl -k -v -I`, which tells how far it comes.'],
}

/** What it means that no header came back, by the error. */
export function unanswered(error: string): ProbeFinding {
  const { isOfDesktop, ...finding } = NO_ANSWERS.find((row) => row.error.test(error)) ?? NO_ANSWER
  return isOfDesktop === true ? finding : { ...finding, inconclusive: true }
}

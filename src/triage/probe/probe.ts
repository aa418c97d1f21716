/** The answer to one request for the headers of a desktop's address; absent keys were absent. */
export type ProbeAnswer = {
  readonly status?: number
  readonly server?: string
  readonly location?: string
  /** Why there was no answer, in the words of the system or of curl. */
  readonly error?: string
}

/** What an answer means, and what to look at next. */
export type ProbeFinding = {
  readonly ok: boolean
  readonly phase: 'launch' | 'dcv-install' | 'session' | 'load-balancer' | 'connect'
  readonly title: string
  readonly explain: string
  readonly remedy: readonly string[]
}

type Row = ProbeFinding & { readonly when: (answer: ProbeAnswer) => boolean }

const isDcv = ({ server = '' }: ProbeAnswer) => /^dcv\b/i.test(server)
const isElb = ({ server = '' }: ProbeAnswer) => /^awselb\b/i.test(server)
const says = (pattern: RegExp) => (answer: ProbeAnswer) =>
  answer.status === undefined && pattern.test(answer.error ?? '')

/** The first row that matches counts. Sources: the load balancer's documentation, and the code of SOCA's session watcher. */
const TABLE: readonly Row[] = [
  {
    when: (answer) => answer.status === 200 && isDcv(answer),
    ok: true,
    phase: 'connect',
    title: 'Load balancer, target group and DCV server answer',
    explain:
      'The way to the desktop is open. If it still cannot be used, its session is missing or the login is refused.',
    remedy: [
      'On the host, `dcv list-sessions` must show the session; if not, create it or look at `/var/log/dcv/server.log`.',
      'In the log of the portal, look for a refused authentication at the time of the login.',
    ],
  },
  {
    when: (answer) => answer.status === 404 && isDcv(answer),
    ok: false,
    phase: 'connect',
    title: 'The DCV server answers, but not under this path',
    explain:
      'Its `web-url-path` is another one (the host name changed, or the image brought its own `dcv.conf`), or the web viewer is not installed.',
    remedy: [
      'On the host, compare `web-url-path` in `/etc/dcv/dcv.conf` with the path of this address.',
      'Check that the package `nice-dcv-web-viewer` is installed.',
    ],
  },
  {
    when: (answer) => (answer.status === 401 || answer.status === 403) && isDcv(answer),
    ok: false,
    phase: 'connect',
    title: 'The DCV server refuses the request',
    explain: 'The server runs and does not accept the token or the client.',
    remedy: [
      'Open the desktop from the portal again; an old link carries an old token.',
      'Read `/var/log/dcv/server.log` on the host.',
    ],
  },
  {
    when: (answer) => answer.status === 502 && isElb(answer),
    ok: false,
    phase: 'session',
    title: 'The load balancer cannot talk to the desktop (502)',
    explain:
      'The target is registered, but nothing answers on port 8443: the bootstrap is not done (5 to 20 minutes), dcvserver is down, or its TLS is broken.',
    remedy: [
      'Read the bootstrap logs of the host: `dcvlens diagnose OWNER/NAME`.',
      'On the host, `systemctl status dcvserver` and `ss -ltnp | grep 8443`.',
    ],
  },
  {
    when: (answer) => answer.status === 503 && isElb(answer),
    ok: false,
    phase: 'load-balancer',
    title: 'The target group of the desktop is empty (503)',
    explain:
      'A rule leads to a target group without a target: the instance is stopped, or the rule is a leftover of an earlier host with this address.',
    remedy: [
      'Check that the instance runs.',
      'Delete the rule and the target group of this address; the ALB manager makes them anew within 3 minutes.',
    ],
  },
  {
    when: (answer) => answer.status === 504 && isElb(answer),
    ok: false,
    phase: 'load-balancer',
    title: 'The desktop does not answer the load balancer (504)',
    explain:
      'Connections to port 8443 are lost, not refused: a security group blocks them, or the host hangs.',
    remedy: [
      'Allow 8443 from the security group of the load balancer to that of the desktops.',
      'Look at the status checks of the instance.',
    ],
  },
  {
    when: (answer) => [401, 403, 404, 500].includes(answer.status ?? 0) && isElb(answer),
    ok: false,
    phase: 'load-balancer',
    title: 'The load balancer itself refuses the request',
    explain:
      'A rule of the load balancer answers before any desktop is asked: a firewall (WAF), a login in front, or a fixed response because no rule has this path.',
    remedy: [
      'Look at the rules of the 443 listener in their order.',
      'Look for the path `/DESKTOP-HOST/*` of this desktop among them.',
    ],
  },
  {
    when: (answer) => answer.status === 400 && isElb(answer),
    ok: false,
    phase: 'connect',
    title: 'The load balancer does not understand the request',
    explain: 'The address or its headers are malformed or too long.',
    remedy: ['Copy the address from the portal once more.'],
  },
  {
    when: ({ status = 0 }) => [301, 302, 303, 307, 308].includes(status) || status === 200,
    ok: false,
    phase: 'load-balancer',
    title: 'The load balancer has no rule for this desktop',
    explain:
      'The portal answered in its place, which is what happens without a rule; normal for up to 3 minutes after the start.',
    remedy: [
      'Look for the host in the log of the ALB manager; it must appear within 6 minutes.',
      'If it never appears, check the tags NodeType and ClusterId of the instance.',
    ],
  },
  {
    when: says(/could not resolve|ENOTFOUND|EAI_AGAIN|\(6\)/i),
    ok: false,
    phase: 'connect',
    title: 'The name of the load balancer is not known here',
    explain: 'No name server of this machine knows it.',
    remedy: ['Check the spelling of the address, and the DNS of this machine.'],
  },
  {
    when: says(/timed? ?out|ETIMEDOUT|\(28\)/i),
    ok: false,
    phase: 'load-balancer',
    title: 'The load balancer does not answer in time',
    explain:
      'A security group does not let this machine in, or the desktop is so slow that nothing comes back.',
    remedy: [
      'Check that the security group of the load balancer allows 443 from here.',
      'Ask once more from another network.',
    ],
  },
  {
    when: (answer) => answer.status === 460 && isElb(answer),
    ok: false,
    phase: 'connect',
    title: 'The client hung up before the load balancer answered (460)',
    explain: 'The desktop answered too late, or a proxy on the way to the user gave up.',
    remedy: ['Ask again with more patience; if it stays, look at the load of the host (`uptime`).'],
  },
  {
    when: (answer) => [463, 464].includes(answer.status ?? 0) && isElb(answer),
    ok: false,
    phase: 'load-balancer',
    title: 'The load balancer does not take a request of this form',
    explain: 'Too many forwarded addresses (463), or a protocol that the target group is not made for (464).',
    remedy: [
      'Check the protocol version of the target group and the proxies between the user and the load balancer.',
    ],
  },
  {
    when: (answer) => answer.status === 561 && isElb(answer),
    ok: false,
    phase: 'load-balancer',
    title: 'The identity provider of the load balancer fails (561)',
    explain:
      'A rule asks for a login (OIDC, Cognito) before the request, and the provider answered with an error.',
    remedy: ['Check the authenticate action of the rule and the identity provider behind it.'],
  },
  {
    when: (answer) => answer.status !== undefined && isDcv(answer),
    ok: false,
    phase: 'connect',
    title: 'The DCV server answers, but not with a page',
    explain: 'The way to the server is open; it does not serve this request.',
    remedy: ['Open the address in a browser, and read `/var/log/dcv/server.log` on the host.'],
  },
  {
    when: says(/ECONNRESET|socket hang up|empty reply|\(52\)|\(56\)/i),
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
    when: says(/refused|ECONNREFUSED|\(7\)/i),
    ok: false,
    phase: 'load-balancer',
    title: 'Nothing listens at this address',
    explain: 'The host answers and takes no connection at this port.',
    remedy: ['Check the port and the listeners of the load balancer.'],
  },
  {
    when: says(/ssl|tls|certificate|\(35\)|\(60\)|EPROTO/i),
    ok: false,
    phase: 'connect',
    title: 'No secure connection can be made',
    explain: 'The two sides do not agree on a protocol, or something between them breaks it.',
    remedy: ['`openssl s_client -connect ADDRESS:PORT` shows how far it comes.'],
  },
]

const UNKNOWN: ProbeFinding = {
  ok: false,
  phase: 'connect',
  title: 'An answer that says nothing known',
  explain: 'Neither the DCV server nor the load balancer answers like this.',
  remedy: ['Check that the address is that of a desktop: `https://LOAD-BALANCER/HOST/`.'],
}

export function probeFinding(answer: ProbeAnswer): ProbeFinding {
  const row = TABLE.find(({ when }) => when(answer))
  if (row === undefined) return UNKNOWN
  const { when: _, ...finding } = row
  return finding
}

/** What is known about the request. */
export type Probed = { readonly url?: string | undefined; readonly session?: string | undefined }

/** A finding whose steps contain the address that was asked and, if known, the desktop behind it. */
export function withNames(finding: ProbeFinding, { url, session }: Probed): ProbeFinding {
  const asked = url === undefined ? undefined : new URL(url)
  const host = asked?.pathname.split('/')[1] || undefined
  const names: readonly (readonly [placeholder: string, name: string | undefined])[] = [
    ['ADDRESS:PORT', asked && `${asked.hostname}:${asked.port || '443'}`],
    ['DESKTOP-HOST', host],
    ['OWNER/NAME', session],
  ]
  const filled = (step: string) =>
    names.reduce((text, [placeholder, name]) => text.replaceAll(placeholder, name ?? placeholder), step)
  return { ...finding, remedy: finding.remedy.map(filled) }
}

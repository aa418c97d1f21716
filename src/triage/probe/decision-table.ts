/** What an answer means, and what to look at next. */
export type ProbeFinding = {
  readonly ok: boolean
  /** It says nothing about the desktop, good or bad. */
  readonly inconclusive?: true
  readonly phase: 'launch' | 'dcv-install' | 'session' | 'load-balancer' | 'connect'
  readonly title: string
  readonly explain: string
  readonly remedy: readonly string[]
}

/** Who answered, by the header `Server`. The portal's server names itself uWSGI, or a proxy takes the name away. */
export type Answerer = 'dcv' | 'load balancer' | 'portal' | 'other' | 'unnamed'

/** Where a redirect leads: to the portal's first page or its login, to another page of the same host, or to another host. */
export type Target = 'portal' | 'here' | 'elsewhere'

/** A row of the table. What it leaves out may be anything. */
type Row = ProbeFinding & {
  readonly by: readonly Answerer[]
  readonly status?: readonly number[]
  readonly leads?: readonly Target[]
}

const REDIRECTS = [301, 302, 303, 307, 308]

const NO_RULE: ProbeFinding = {
  ok: false,
  phase: 'load-balancer',
  title: 'The load balancer has no rule for this desktop',
  explain:
    'The portal answered in its place, which is what happens without a rule; normal for up to 3 minutes after the start.',
  remedy: [
    'Look for the host in the log of the ALB manager; it must appear within 6 minutes.',
    'If it never appears, check the tags NodeType and ClusterId of the instance.',
  ],
}

/** The first row that matches counts. Sources: the load balancer's documentation, and the code of SOCA's session watcher. */
export const DECISIONS: readonly Row[] = [
  {
    by: ['dcv'],
    status: [200],
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
    by: ['dcv'],
    status: [404],
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
    by: ['dcv'],
    status: [401, 403],
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
    by: ['dcv'],
    ok: false,
    phase: 'connect',
    title: 'The DCV server answers, but not with a page',
    explain: 'The way to the server is open; it does not serve this request.',
    remedy: ['Open the address in a browser, and read `/var/log/dcv/server.log` on the host.'],
  },
  {
    by: ['load balancer'],
    status: [502],
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
    by: ['load balancer'],
    status: [503],
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
    by: ['load balancer'],
    status: [504],
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
    by: ['load balancer'],
    status: [401, 403, 404, 500],
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
    by: ['load balancer'],
    status: [400],
    ok: false,
    phase: 'connect',
    title: 'The load balancer does not understand the request',
    explain: 'The address or its headers are malformed or too long.',
    remedy: ['Copy the address from the portal once more.'],
  },
  {
    by: ['load balancer'],
    status: [460],
    ok: false,
    phase: 'connect',
    title: 'The client hung up before the load balancer answered (460)',
    explain: 'The desktop answered too late, or a proxy on the way to the user gave up.',
    remedy: ['Ask again with more patience; if it stays, look at the load of the host (`uptime`).'],
  },
  {
    by: ['load balancer'],
    status: [463, 464],
    ok: false,
    phase: 'load-balancer',
    title: 'The load balancer does not take a request of this form',
    explain: 'Too many forwarded addresses (463), or a protocol that the target group is not made for (464).',
    remedy: [
      'Check the protocol version of the target group and the proxies between the user and the load balancer.',
    ],
  },
  {
    by: ['load balancer'],
    status: [561],
    ok: false,
    phase: 'load-balancer',
    title: 'The identity provider of the load balancer fails (561)',
    explain:
      'A rule asks for a login (OIDC, Cognito) before the request, and the provider answered with an error.',
    remedy: ['Check the authenticate action of the rule and the identity provider behind it.'],
  },
  {
    by: ['load balancer'],
    status: [302, 303, 307],
    leads: ['elsewhere'],
    ok: false,
    inconclusive: true,
    phase: 'load-balancer',
    title: 'A login stands in front of the load balancer',
    explain:
      'A rule sends whoever is not logged in to another host (an authenticate action with OIDC or Cognito). The desktop was not asked, so this answer says nothing about it.',
    remedy: [
      'Open the address in a browser that is logged in.',
      'Ask the desktop itself from a host in the VPC: `curl -k -I https://DESKTOP-HOST:8443/DESKTOP-HOST/`.',
    ],
  },
  {
    by: ['load balancer'],
    status: REDIRECTS,
    ok: false,
    inconclusive: true,
    phase: 'load-balancer',
    title: 'A rule of the load balancer redirects the request',
    explain: 'The desktop was not asked, so this answer says nothing about it.',
    remedy: [
      'Probe the address in the location, if it is one of a desktop.',
      'Look at the rules of the 443 listener in their order.',
    ],
  },
  {
    by: ['load balancer'],
    ok: false,
    inconclusive: true,
    phase: 'load-balancer',
    title: 'The load balancer answers itself, not the desktop',
    explain: 'A rule with a fixed response stands before that of the desktop, or the desktop has no rule.',
    remedy: [
      'Look at the rules of the 443 listener in their order.',
      'Look for the path `/DESKTOP-HOST/*` of this desktop among them.',
    ],
  },
  // Without a rule the portal gets the request, and sends what it does not know to its first page.
  { by: ['portal', 'unnamed'], status: REDIRECTS, leads: ['portal'], ...NO_RULE },
  { by: ['portal', 'unnamed'], status: [200], ...NO_RULE },
  {
    by: ['portal', 'other'],
    ok: false,
    inconclusive: true,
    phase: 'load-balancer',
    title: "An answer that is not DCV's: server SERVER",
    explain:
      'Neither the DCV server nor the load balancer answers like this: a proxy in front, another rule of the load balancer, or another host.',
    remedy: [
      'Check that the address is that of a desktop: `https://LOAD-BALANCER/HOST/`.',
      'Look for the path `/DESKTOP-HOST/*` of this desktop among the rules of the 443 listener.',
    ],
  },
]

/** For what is in no row. */
export const UNDECIDED: ProbeFinding = {
  ok: false,
  inconclusive: true,
  phase: 'connect',
  title: 'An answer that is not known',
  explain: 'Neither the DCV server nor the load balancer nor the portal answers like this.',
  remedy: ['Check that the address is that of a desktop: `https://LOAD-BALANCER/HOST/`.'],
}

import { type DecisionRow, type ProbeFinding, REDIRECTS } from './decision-row.ts'
import { LOAD_BALANCER_ANSWERS } from './load-balancer-answers.ts'

/** What it means if the DCV server answers. */
const DCV_ANSWERS: readonly DecisionRow[] = [
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
]

/** Without a rule, the load balancer leaves the request to the portal. */
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

/** What it means if the portal or a server of another kind answers. Source: the code of SOCA's session watcher. */
const OTHER_ANSWERS: readonly DecisionRow[] = [
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

/** The first row that matches counts. */
export const DECISIONS: readonly DecisionRow[] = [...DCV_ANSWERS, ...LOAD_BALANCER_ANSWERS, ...OTHER_ANSWERS]

/** For what is in no row. */
export const UNDECIDED: ProbeFinding = {
  ok: false,
  inconclusive: true,
  phase: 'connect',
  title: 'An answer that is not known',
  explain: 'Neither the DCV server nor the load balancer nor the portal answers like this.',
  remedy: ['Check that the address is that of a desktop: `https://LOAD-BALANCER/HOST/`.'],
}

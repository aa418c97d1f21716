import { type DecisionRow, REDIRECTS } from './decision-row.ts'

/** What it means if the load balancer answers itself. Source: its documentation. */
export const LOAD_BALANCER_ANSWERS: readonly DecisionRow[] = [
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
]

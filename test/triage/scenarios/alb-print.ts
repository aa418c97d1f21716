import type { Desktop } from './desktops.ts'
import { answeredAt } from './moments.ts'
import type { Log } from './scenario.ts'

const LISTENER =
  'arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/lab-viewer/1a2b3c4d5e6f7a8b/9c8b'

/** The log of an ALB manager that prints: its runs; without times of its own. */
export function albPrint(path: string, runs: readonly (readonly string[])[], end = 478): Log {
  return { path, lines: runs.flat(), end }
}

/** One run, with what it says of each host. */
export function run(...hosts: readonly (readonly string[])[]): string[] {
  return ['Checking if new DCV hosts need to be added  ...', ...hosts.flat(), 'Check Complete', ...cleaning()]
}

/** A run that broke off with a traceback. */
export function brokenRun(hosts: readonly string[], error: string): string[] {
  return ['Checking if new DCV hosts need to be added  ...', ...hosts, ...traceback(error)]
}

/** The end of a run; rules of hosts that are gone are cleaned up. */
export function cleaning(...words: readonly string[]): string[] {
  return ['Cleaning old rules start ...', ...words, 'Cleaning complete']
}

/** A host is taken in. */
export function takenIn(one: Desktop): string[] {
  const rule = `{'Rules': [{'RuleArn': '${LISTENER}', 'Priority': '41', 'Conditions': [{'Field': 'path-pattern', 'Values': ['/${one.host}/*']}], 'IsDefault': False}], 'ResponseMetadata': {'HTTPStatusCode': 200, 'HTTPHeaders': {'date': '${answeredAt(one.begin + 3)}'}}}`
  return [
    ...registering(one),
    'Checking if priority 41 is available',
    'Available priority for this rule: 41',
    rule,
  ]
}

/** The first half of it. */
export function registering({ host, instance }: Desktop): string[] {
  return [
    ...beginning(host),
    `Registering EC2 instance ${instance} to TG arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/soca-${host}/7b3f`,
  ]
}

/** The very beginning of it. */
export function beginning(host: string): string[] {
  return [
    `${host} not in load balancer. Adding new entry ... `,
    'Target Group does not exist, creating Target Group first ...',
    `Creating new target group for ${host}`,
  ]
}

/** A host is there already. */
export function known({ host }: Desktop): string[] {
  return [`${host} already registered to the load balancer. Nothing to do`]
}

/** The usual log: these are taken in one after the other and stay. */
export function runsFor(...desktops: readonly Desktop[]): string[][] {
  const first = desktops.map((one, index) => run(...desktops.slice(0, index).map(known), takenIn(one)))
  return [run(), ...first, run(...desktops.map(known)), run(...desktops.map(known))]
}

function traceback(error: string): string[] {
  return [
    'Traceback (most recent call last):',
    '  File "/apps/soca/soca-lab/cluster_manager/dcv_alb_manager.py", line 221, in <module>',
    '    new_tg = create_new_target_group(instance_dns, vpc_id)',
    '  File "/apps/soca/soca-lab/python/latest/lib/python3.7/site-packages/botocore/client.py", line 676, in _make_api_call',
    '    raise error_class(parsed_response, operation_name)',
    error,
  ]
}

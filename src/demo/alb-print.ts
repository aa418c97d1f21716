import type { Cluster } from './clusters.ts'
import { balancerLog } from './controller-logs.ts'
import { ACCOUNT, type Desktop } from './desktop.ts'
import type { Random } from './random.ts'
import { type Moment, say } from './step.ts'
import { isRunning, runsOf, type Stretch, type Take } from './take.ts'

const EVERY_MS = 180_000
const FIRST_MS = 30_000
/** A host of yesterday: its rule goes when its instance is stopped. */
const OLD_HOST = 'ip-10-12-33-201'
const OLD_HOST_STOPS_MS = -58 * 60_000

type Plan = {
  readonly takes: readonly Take[]
  /** For each host that has a rule of the load balancer already: when it got it, ms. */
  readonly known: ReadonlyMap<string, number>
  readonly values: Random
  /** While this holds the balancer takes no more rules. */
  readonly full: (atMs: number) => boolean
}

export type Balancing = {
  readonly moments: readonly Moment[]
  /** When each host got its rule. */
  readonly ruleMs: ReadonlyMap<string, number>
}

/** The log of dcv_alb_manager.py of SOCA 2.7: prints of one run come at its end and all at once. */
export function printedBalancing(stretch: Stretch, plan: Plan): Balancing {
  const { cluster } = stretch
  const file = balancerLog(cluster)
  const ruleMs = new Map(plan.known)
  const rules = new Set([...plan.known.keys(), ...(stretch.fromMs < OLD_HOST_STOPS_MS ? [OLD_HOST] : [])])
  const moments = runsOf(stretch, EVERY_MS, FIRST_MS).map((atMs) => {
    const step = say(0, file, run(cluster, atMs, { ...plan, rules }))
    for (const host of rules) if (!ruleMs.has(host)) ruleMs.set(host, atMs)
    for (const host of [...ruleMs.keys()]) if (!rules.has(host)) ruleMs.delete(host)
    return { atMs, pace: 1, step }
  })
  return { moments, ruleMs }
}

function run(cluster: Cluster, atMs: number, plan: Plan & { readonly rules: Set<string> }): string[] {
  const { takes, rules, full, values } = plan
  const running = takes.filter((take) => isRunning(take, atMs)).map(({ desktop }) => desktop)
  const lines = ['Checking if new DCV hosts need to be added  ...']
  if (atMs < OLD_HOST_STOPS_MS) lines.push(known(OLD_HOST))
  for (const desktop of running) {
    if (rules.has(desktop.host)) {
      lines.push(known(desktop.host))
      continue
    }
    lines.push(...targetGroup(cluster, desktop, values))
    if (full(atMs)) return [...lines, ...tooManyRules(cluster)]
    lines.push(rule(cluster, desktop, values))
    rules.add(desktop.host)
  }
  lines.push('Check Complete', 'Cleaning old rules start ...')
  for (const host of [...rules]) {
    const isThere = host === OLD_HOST ? atMs < OLD_HOST_STOPS_MS : running.some((one) => one.host === host)
    if (isThere) continue
    rules.delete(host)
    lines.push(...cleaned(cluster, host, values))
  }
  return [...lines, 'Cleaning complete']
}

function known(host: string): string {
  return `${host} already registered to the load balancer. Nothing to do`
}

function arn({ region }: Cluster, resource: string): string {
  return `arn:aws:elasticloadbalancing:${region}:${ACCOUNT}:${resource}`
}

function groupArn(cluster: Cluster, host: string, values: Random): string {
  return arn(cluster, `targetgroup/soca-${host}/${values.hex(16)}`)
}

function targetGroup(cluster: Cluster, { host, instanceId }: Desktop, values: Random): string[] {
  const priority = values.int(2, 100)
  return [
    `${host} not in load balancer. Adding new entry ... `,
    'Target Group does not exist, creating Target Group first ...',
    `Creating new target group for ${host}`,
    `Registering EC2 instance ${instanceId} to TG ${groupArn(cluster, host, values)}`,
    `Checking if priority ${priority} is available`,
    `Available priority for this rule: ${priority}`,
  ]
}

function rule(cluster: Cluster, { host }: Desktop, values: Random): string {
  const ruleArn = arn(cluster, `listener-rule/${cluster.balancer}/9c8b7a6d5e4f3a2b/${values.hex(16)}`)
  const group = groupArn(cluster, host, values)
  const request = values.uuid()
  return `{'Rules': [{'RuleArn': '${ruleArn}', 'Priority': '${values.int(2, 100)}', 'Conditions': [{'Field': 'path-pattern', 'Values': ['/${host}/*'], 'PathPatternConfig': {'Values': ['/${host}/*']}}], 'Actions': [{'Type': 'forward', 'TargetGroupArn': '${group}', 'Order': 1, 'ForwardConfig': {'TargetGroups': [{'TargetGroupArn': '${group}', 'Weight': 1}], 'TargetGroupStickinessConfig': {'Enabled': False}}}], 'IsDefault': False}], 'ResponseMetadata': {'RequestId': '${request}', 'HTTPStatusCode': 200, 'HTTPHeaders': {'x-amzn-requestid': '${request}', 'content-type': 'text/xml', 'content-length': '1289', 'date': '{{rfc}} GMT'}, 'RetryAttempts': 0}}`
}

function cleaned(cluster: Cluster, host: string, values: Random): string[] {
  return [
    `/${host}/* is pointing to an EC2 resource which does not exist anymore`,
    `Deleting ELB rule ${arn(cluster, `listener-rule/${cluster.balancer}/9c8b7a6d5e4f3a2b/${values.hex(16)}`)}`,
    `Deleting target group: ${groupArn(cluster, host, values)}`,
  ]
}

function tooManyRules(cluster: Cluster): string[] {
  const script = `/${cluster.home}/cluster_manager/dcv_alb_manager.py`
  const client = `/${cluster.home}/python/latest/lib/python3.7/site-packages/botocore/client.py`
  const balancer = arn(cluster, `loadbalancer/${cluster.balancer}`)
  return [
    'Traceback (most recent call last):',
    `  File "${script}", line 225, in <module>`,
    '    create_new_alb_rule(instance_dns, new_tg, alb_priority_taken, listener_arn)',
    `  File "${script}", line 130, in create_new_alb_rule`,
    '    new_target_group = elbv2_client.create_rule(ListenerArn=listener_arn,',
    `  File "${client}", line 357, in _api_call`,
    '    return self._make_api_call(operation_name, kwargs)',
    `  File "${client}", line 676, in _make_api_call`,
    '    raise error_class(parsed_response, operation_name)',
    `botocore.errorfactory.TooManyRulesException: An error occurred (TooManyRules) when calling the CreateRule operation: The maximum number of rules on load balancer '${balancer}' has been reached`,
  ]
}

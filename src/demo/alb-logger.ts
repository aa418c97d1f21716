import type { Balancing } from './alb-print.ts'
import type { Cluster } from './clusters.ts'
import { balancerLog } from './controller-logs.ts'
import { ACCOUNT, type Desktop } from './desktop.ts'
import type { Random } from './random.ts'
import { say } from './step.ts'
import { isRunning, runsOf, type Stretch, type Take } from './take.ts'

const EVERY_MS = 180_000
const FIRST_MS = 75_000
const MANAGER = 'cluster_manager/orchestrator/dcv_alb_manager.py'

type Plan = {
  readonly takes: readonly Take[]
  /** For each host that has a rule of the load balancer already: when it got it, ms. */
  readonly known: ReadonlyMap<string, number>
  readonly values: Random
}

/** The log of dcv_alb_manager.py of 26.3 and later, which uses SocaLogger. */
export function loggedBalancing(stretch: Stretch, { takes, known, values }: Plan): Balancing {
  const file = balancerLog(stretch.cluster)
  const ruleMs = new Map(known)
  const moments = runsOf(stretch, EVERY_MS, FIRST_MS).map((atMs) => {
    const running = takes.filter((take) => isRunning(take, atMs)).map(({ desktop }) => desktop)
    const lines = run(stretch.cluster, running, { ruleMs, values })
    for (const { host } of running) if (!ruleMs.has(host)) ruleMs.set(host, atMs)
    const gone = [...ruleMs.keys()].filter((host) => !running.some((desktop) => desktop.host === host))
    for (const host of gone) ruleMs.delete(host)
    return { atMs, pace: 1, step: say(0, file, lines, { overMs: 900 }) }
  })
  return { moments, ruleMs }
}

/** A line of SocaLogger: line number, module and function between time and message. */
export function socaLine(
  at: number,
  path: string,
  call: readonly [name: string, text: string],
  level = 'INFO',
): string {
  return `[{{ms}}] [${level}] [${at}] [${path}] [] [${call[0]}] [${call[1]}]`
}

function run(
  cluster: Cluster,
  running: readonly Desktop[],
  { ruleMs, values }: { readonly ruleMs: ReadonlyMap<string, number>; readonly values: Random },
): string[] {
  const line = (at: number, name: string, text: string): string => socaLine(at, MANAGER, [name, text])
  const balancer = `arn:aws:elasticloadbalancing:${cluster.region}:${ACCOUNT}:loadbalancer/${cluster.balancer}`
  const listener = `${balancer.replace(':loadbalancer/', ':listener/')}/2d4f6a8c0e1b3d5f`
  const { product } = cluster
  const filters = `[{'Name': 'instance-state-name', 'Values': ['running']}, {'Name': 'tag:${product}:NodeType', 'Values': ['dcv_node']}, {'Name': 'tag:${product}:ClusterId', 'Values': ['${cluster.id}']}]`
  return [
    line(31, 'get_ec2_dcv_instances', `Fetching DCV instances for cluster_id: ${cluster.id}`),
    socaLine(52, 'cluster_manager/utils/aws/ec2_helper.py', [
      'describe_instances_paginate',
      `Running describe_instances_paginate with filters=${filters}`,
    ]),
    line(66, 'get_ec2_dcv_instances', `Found ${running.length} DCV instances`),
    line(214, 'get_current_target_groups', `Getting current target groups for ELB ${balancer}`),
    line(229, 'get_current_target_groups', `Found ${ruleMs.size} target groups assigned to ${balancer}`),
    line(185, 'get_current_listener_rules', `Fetching all listener rules for listener_arn='${listener}'`),
    line(203, 'get_current_listener_rules', `Found ${ruleMs.size} rules in ${listener}`),
    line(338, '<module>', `Checking if new DCV hosts need to be added to ${balancer} ...`),
    ...running.flatMap((desktop) =>
      ruleMs.has(desktop.host)
        ? [line(342, '<module>', `${desktop.host} already registered to the load balancer. skipping`)]
        : added(cluster, desktop, values),
    ),
    line(400, '<module>', 'Check Complete'),
    line(402, '<module>', 'Cleaning old rules start ...'),
    line(427, '<module>', 'Cleaning complete'),
  ]
}

function added(cluster: Cluster, { host, instanceId }: Desktop, values: Random): string[] {
  const line = (at: number, name: string, text: string): string => socaLine(at, MANAGER, [name, text])
  const group = `arn:aws:elasticloadbalancing:${cluster.region}:${ACCOUNT}:targetgroup/${cluster.product}-${host}/${values.hex(16)}`
  return [
    line(346, '<module>', `${host} not in load balancer. Adding new entry ... `),
    line(350, '<module>', 'Target Group does not exist, creating Target Group first ...'),
    line(102, 'create_new_target_group', `Creating new target group for ${host}`),
    line(129, 'create_new_target_group', `Successfully created target group for ${host}`),
    line(
      74,
      'register_instance_to_target_group',
      `Registering instance_id='${instanceId}' to target_group_arn='${group}'`,
    ),
    line(86, 'register_instance_to_target_group', `instance_id='${instanceId}' registered successfully`),
    line(157, 'create_new_alb_rule', `About to add new ALB rule for ${host}`),
    line(168, 'create_new_alb_rule', `Found Available priority for this rule: ${values.int(10_000, 40_000)}`),
    line(176, 'create_new_alb_rule', 'Rule created successfully'),
  ]
}

import type { Desktop } from './desktops.ts'
import type { Generation } from './generations.ts'
import { millis } from './moments.ts'
import type { Log } from './scenario.ts'

/** What one run says of hosts; the run begins at `minute`. */
export type Run = { readonly minute: number; readonly hosts: readonly string[]; readonly isBroken?: boolean }

/** The log of an ALB manager of EDH: runs with their times. */
export function albLogger({ manager, cluster }: Generation, runs: readonly Run[]): Log {
  const lines = runs.flatMap(({ minute, hosts, isBroken = false }) => {
    const begin = [
      `INFO get_ec2_dcv_instances Fetching DCV instances for cluster_id: ${cluster}`,
      'INFO get_current_target_groups Getting current target groups for ELB arn:aws:elasticloadbalancing:lab',
      "INFO get_current_listener_rules Fetching all listener rules for listener_arn='arn:aws:elasticloadbalancing:lab'",
    ]
    const rest = [
      'INFO get_current_listener_rules Found 4 rules in arn:aws:elasticloadbalancing:lab',
      'INFO <module> Checking if new DCV hosts need to be added to arn:aws:elasticloadbalancing:lab ...',
      ...hosts,
      'INFO <module> Check Complete',
      'INFO <module> Cleaning old rules start ...',
      'INFO <module> Cleaning complete',
    ]
    return [...begin, ...(isBroken ? [] : rest)].flatMap((said) => lineOf(minute, said).split('\n'))
  })
  return { path: manager, lines, end: runs.at(-1)?.minute ?? 0 }
}

/** Runs from the first of these desktops on: each is taken in, one after the other, and stays. */
export function runsFor(...desktops: readonly Desktop[]): Run[] {
  const taken = desktops.map((one, index) => ({
    minute: one.begin + 3,
    hosts: [...desktops.slice(0, index).flatMap(known), ...takenIn(one)],
  }))
  const later = [440, 470].map((minute) => ({ minute, hosts: desktops.flatMap(known) }))
  return [...taken, ...later]
}

export function takenIn(one: Desktop): string[] {
  return [...beginning(one), 'INFO create_new_alb_rule Rule created successfully']
}

/** All of it but for the rule. */
export function beginning({ host, instance }: Desktop): string[] {
  return [
    `INFO <module> ${host} not in load balancer. Adding new entry ... `,
    'INFO <module> Target Group does not exist, creating Target Group first ...',
    `INFO create_new_target_group Creating new target group for ${host}`,
    `INFO create_new_target_group Successfully created target group for ${host}`,
    `INFO register_instance_to_target_group Registering instance_id='${instance}' to target_group_arn='arn:aws:elasticloadbalancing:lab:targetgroup/edh-${host}/7b3f'`,
    `INFO register_instance_to_target_group instance_id='${instance}' registered successfully`,
    `INFO create_new_alb_rule About to add new ALB rule for ${host}`,
    'INFO create_new_alb_rule Found Available priority for this rule: 20411',
  ]
}

export function known({ host }: Desktop): string[] {
  return [`INFO <module> ${host} already registered to the load balancer. skipping`]
}

function lineOf(minute: number, said: string): string {
  const [level = '', from = '', ...words] = said.split(' ')
  return `[${millis(minute)}] [${level}] [343] [cluster_manager/orchestrator/dcv_alb_manager.py] [] [${from}] [${words.join(' ')}]`
}

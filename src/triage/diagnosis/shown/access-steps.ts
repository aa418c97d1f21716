import type { CheckStep } from './checklist-steps.ts'

const IS_ACTIVE = "session_name='{name}' and is_active=1"
const OLD_ROW = `session_state,session_host_private_dns,session_instance_id`

/** What people need to reach a desktop that has a session: the load balancer, its address and the portal. Of the same guide. */
export const ACCESS_STEPS: readonly CheckStep[] = [
  {
    title: 'The target group has the instance',
    phase: 'load-balancer',
    on: 'aws',
    command:
      'aws elbv2 describe-target-health --target-group-arn $(aws elbv2 describe-target-groups --names {product}-{address} --query "TargetGroups[0].TargetGroupArn" --output text)',
  },
  {
    title: 'The load balancer has a rule for the host',
    phase: 'load-balancer',
    on: 'controller',
    command: 'grep -h "{address}" {balancer_log} | tail -n 10',
  },
  {
    title: 'The Python of the ALB manager works',
    phase: 'load-balancer',
    open: true,
    on: 'controller',
    command: 'tail -n 20 /var/spool/mail/root; {home}/python/latest/bin/python3 -c "import boto3"',
  },
  {
    title: 'The address answers',
    phase: 'connect',
    on: 'anywhere',
    command: 'npx dcvlens probe https://{load_balancer}/{address}/',
  },
  {
    title: 'The portal knows the desktop',
    phase: 'connect',
    portal: true,
    of: ['soca-2', 'soca-24'],
    on: 'controller',
    command: `sqlite3 -readonly {portal_db} "select id,${OLD_ROW} from {os}_dcv_sessions where user='{owner}' and ${IS_ACTIVE}"`,
  },
  {
    title: 'The portal knows the desktop',
    phase: 'connect',
    portal: true,
    of: ['soca-25', 'edh-26'],
    on: 'controller',
    command: `sqlite3 -readonly {portal_db} "select id,session_state,instance_private_dns,instance_id from virtual_desktop_sessions where session_owner='{owner}' and ${IS_ACTIVE}"`,
  },
]

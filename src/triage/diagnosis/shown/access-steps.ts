import type { CheckStep } from './checklist-steps.ts'

/** What people need to reach a desktop that has a session: the load balancer, its address and the portal. Of the same guide. */
export const ACCESS_STEPS: readonly CheckStep[] = [
  {
    title: 'The target group has the instance',
    phase: 'load-balancer',
    on: 'aws',
    command:
      'aws elbv2 describe-target-health --target-group-arn $(aws elbv2 describe-target-groups --names soca-{host} --query "TargetGroups[0].TargetGroupArn" --output text)',
  },
  {
    title: 'The load balancer has a rule for the host',
    phase: 'load-balancer',
    on: 'controller',
    command:
      'grep -h "{host}" /apps/soca/{cluster}/cluster_manager/dcv_alb_manager.py.log /opt/*/{cluster}/cluster_manager/orchestrator/logs/dcv_alb_manager.log | tail -n 10',
  },
  {
    title: 'The Python of the ALB manager works',
    phase: 'load-balancer',
    on: 'controller',
    command:
      'tail -n 20 /var/spool/mail/root; /apps/soca/{cluster}/python/latest/bin/python3 -c "import boto3"',
  },
  {
    title: 'The address answers',
    phase: 'connect',
    on: 'anywhere',
    command: 'npx dcvlens probe https://LOAD-BALANCER/{host}/',
  },
  {
    title: 'The portal knows the desktop',
    phase: 'connect',
    portal: true,
    of: 'old',
    on: 'controller',
    command: `sqlite3 -readonly /apps/soca/{cluster}/cluster_web_ui/db.sqlite "select id,session_state,session_host_private_dns,session_instance_id from linux_dcv_sessions where user='{owner}' and session_name='{name}' and is_active=1"`,
  },
  {
    title: 'The portal knows the desktop',
    phase: 'connect',
    portal: true,
    of: 'new',
    on: 'controller',
    command: `sqlite3 -readonly /opt/*/{cluster}/cluster_manager/web_interface/db.sqlite "select id,session_state,instance_private_dns,instance_id from virtual_desktop_sessions where session_owner='{owner}' and session_name='{name}' and is_active=1"`,
  },
]

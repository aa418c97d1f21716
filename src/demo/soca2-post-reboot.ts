import type { Desktop } from './desktop.ts'
import type { Random } from './random.ts'
import { type DcvCourse, PATH } from './soca2-dcv.ts'
import { type Step, say } from './step.ts'

/** ComputeNodePostReboot.sh up to where it starts the installation of DCV, and is silent. */
export function postRebootBegin({ cluster, folder }: Desktop): Step[] {
  return [
    say(22_000, `${folder}/ComputeNodePostReboot.log`, [
      '+ source /etc/environment',
      '+ source /root/config.cfg',
      `+ export PATH=${PATH}:/usr/local/bin`,
      '++ which aws',
      '+ AWS=/usr/local/bin/aws',
      '+ REQUIRE_REBOOT=0',
      "+ echo 'SOCA > BEGIN PostReboot setup'",
      'SOCA > BEGIN PostReboot setup',
      '+ service pbs stop',
      'Redirecting to /bin/systemctl stop pbs.service',
      '+ systemctl stop pbs',
      '+ crontab -r',
      String.raw`+ [[ dcv == \d\c\v ]]`,
      "+ echo 'Installing DCV'",
      'Installing DCV',
      `+ /bin/bash /${cluster.apps}/cluster_node_bootstrap/ComputeNodeInstallDCV.sh`,
    ]),
  ]
}

/** The rest of ComputeNodePostReboot.sh, with its two small helpers. */
export function postRebootEnd(desktop: Desktop, values: Random, course: DcvCourse): Step[] {
  const { cluster, folder, instanceId } = desktop
  const file = `${folder}/ComputeNodePostReboot.log`
  const scripts = `/${cluster.apps}/cluster_node_bootstrap`
  return [
    say(3_000, file, ['+ [[ 0 -eq 3 ]]', '+ sleep 30']),
    say(8_000, file, identity(desktop, values, course)),
    say(500, file, [
      "+ echo -e '",
      'Compute Node Ready for queue: dcv',
      "'",
      String.raw`+ [[ false != \f\a\l\s\e ]]`,
      '++ curl --silent http://169.254.169.254/latest/meta-data/placement/availability-zone',
      `+ AWS_AVAIL_ZONE=${cluster.region}a`,
      `+ AWS_REGION=${cluster.region}`,
      '++ curl --silent http://169.254.169.254/latest/meta-data/instance-id',
      `+ AWS_INSTANCE_ID=${instanceId}`,
      `+ EBS_IDS='vol-0${values.hex(16)} '`,
      '+ LOOP_EBS_TAG=0',
      '+ [[ 0 -ne 0 ]]',
      "+ echo 'Require Reboot: 0'",
      'Require Reboot: 0',
      '+ [[ 0 -eq 1 ]]',
      '+ mount -a',
      "+ echo 'chmod /scratch'",
      'chmod /scratch',
      '+ chmod 777 /scratch',
      `+ /bin/bash ${scripts}/ComputeNodeUserCustomization.sh`,
      `+ /bin/bash ${scripts}/ComputeNodeConfigureMetrics.sh`,
      '+ systemctl start pbs',
    ]),
    say(0, `${folder}/ComputeNodeUserCustomization.log`, []),
    say(0, `${folder}/ComputeNodeConfigureMetrics.log`, ['MetricBeat disabled for this run ']),
  ]
}

function identity({ cluster }: Desktop, values: Random, course: DcvCourse): string[] {
  const begin = [
    String.raw`+ [[ activedirectory == \a\c\t\i\v\e\d\i\r\e\c\t\o\r\y ]]`,
    `++ cat /${cluster.apps}/cluster_node_bootstrap/ad_automation/join_domain_user.cache`,
    '+ DS_DOMAIN_ADMIN_USERNAME=Admin',
    '+ MAX_ATTEMPT=5',
    '+ CURRENT_ATTEMPT=0',
    '++ command -v id',
    '+ ID=/bin/id',
    '+ /bin/id Admin',
  ]
  if (course !== 'stranger') return [...begin, '+ [[ 0 -ne 0 ]]']
  const loops = Array.from({ length: 6 }, (_, loop) => {
    const text = `User identity not resolving successfully. Retrying in ${values.int(1, 29)} seconds... Loop count is: ${loop}/5`
    return [
      '+ [[ 1 -ne 0 ]]',
      `+ [[ ${loop} -le 5 ]]`,
      `+ echo '${text}'`,
      text,
      '+ systemctl restart sssd',
      '+ /bin/id Admin',
    ]
  })
  return [...begin, ...loops.flat(), '+ [[ 1 -ne 0 ]]', '+ [[ 6 -le 5 ]]']
}

import { type CheckStep, NEW, OLD } from './checklist-steps.ts'

/** What the session of a desktop needs. Of the same guide. */
export const SESSION_STEPS: readonly CheckStep[] = [
  {
    title: 'The session exists',
    phase: 'session',
    os: 'linux',
    on: 'host',
    command: 'dcv list-sessions; dcv describe-session {uuid}',
  },
  {
    title: 'The session can be created by hand',
    phase: 'session',
    open: true,
    os: 'linux',
    on: 'host',
    command:
      'su - {owner} -c "dcv create-session --storage-root ~/storage-root {uuid}"; ls -ld /data/home/{owner}/storage-root',
  },
  {
    title: 'The session comes back after a reboot',
    phase: 'session',
    open: true,
    os: 'linux',
    of: OLD,
    on: 'host',
    command: 'crontab -l -u {owner}; tail -n 20 /var/spool/mail/{owner}',
  },
  {
    title: 'The session comes back after a reboot',
    phase: 'session',
    open: true,
    os: 'linux',
    of: NEW,
    on: 'host',
    command:
      'systemctl status socadcv edhdcv --no-pager; journalctl -u socadcv -u edhdcv -b --no-pager | tail -n 30',
  },
  {
    title: 'The session exists',
    phase: 'session',
    os: 'windows',
    on: 'host',
    command: String.raw`& "C:\Program Files\NICE\DCV\Server\bin\dcv.exe" describe-session console`,
  },
  {
    title: "No Python or conda of the owner's own comes first",
    phase: 'session',
    open: true,
    os: 'linux',
    on: 'host',
    command: `su - {owner} -c 'command -v python3 dbus-launch; grep -nE "conda|PATH=" ~/.bashrc ~/.bash_profile'`,
  },
  {
    title: 'DCV has nothing to complain of',
    phase: 'session',
    open: true,
    os: 'windows',
    on: 'host',
    command: String.raw`Get-Content C:\ProgramData\NICE\dcv\log\server.log -Tail 50`,
  },
  {
    title: 'DCV has nothing to complain of',
    phase: 'session',
    open: true,
    os: 'linux',
    on: 'host',
    command: 'grep -hE "WARN|ERROR" /var/log/dcv/*.log | tail -n 30; tail -n 30 /var/log/messages',
  },
]

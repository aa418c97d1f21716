import { describe, expect, it } from 'vitest'
import { Miner } from '../../src/interpret/template/miner.ts'

/** Lines as desktops write them, by the template that a person would give them. */
const LABELLED: Readonly<Record<string, readonly string[]>> = {
  unknownSession: [
    "Invalid connection request from client '10.0.0.8:2098': unknown session 's-41'",
    "Invalid connection request from client '10.9.1.4:50211': unknown session 'console'",
    "Invalid connection request from client '10.0.7.1:1998': unknown session 'alice-desk'",
  ],
  badToken: [
    "Invalid connection request from client '10.0.0.8:2098': bad token",
    "Invalid connection request from client '10.3.3.3:4122': bad token",
  ],
  authentication: [
    'Authentication of user alice failed for session s-41',
    'Authentication of user bob failed for session s-77',
  ],
  frames: [
    'Encoder took 161 ms for a frame of 1920x1080, dropping 3 frames',
    'Encoder took 44 ms for a frame of 3840x2160, dropping 12 frames',
  ],
  xClosed: ['Unable to connect to X server :0', 'Unable to connect to X server :1'],
  gpuLost: [
    'NVRM: GPU 0000:00:1e.0: GPU has fallen off the bus.',
    'NVRM: GPU 0000:00:1f.0: GPU has fallen off the bus.',
  ],
  xid: [
    "NVRM: Xid (PCI:0000:00:1e): 79, pid='<unknown>', name=<unknown>, GPU stopped",
    'NVRM: Xid (PCI:0000:00:1f): 79, pid=4122, name=Xorg, GPU stopped',
  ],
  mount: [
    'mount.nfs4: Connection timed out for fs-0a1b2c3d.efs.eu-west-1.amazonaws.com:/ on /data',
    'mount.nfs4: Connection timed out for fs-9f8e7d6c.efs.us-east-1.amazonaws.com:/ on /apps',
  ],
  join: [
    'Failed to join domain SOCA.LOCAL: attempt 1 of 10, exit code 5',
    'Failed to join domain SOCA.LOCAL: attempt 2 of 10, exit code 5',
  ],
  joined: ['Joined domain SOCA.LOCAL after attempt 3'],
  tag: [
    'CreateTags on i-0123456789abcdef0 denied: User: arn:aws:sts::123456789012:assumed-role/soca/i-0123456789abcdef0 is not authorized',
    'CreateTags on i-0fedcba9876543210 denied: User: arn:aws:sts::123456789012:assumed-role/soca/i-0fedcba9876543210 is not authorized',
  ],
  package: ['Error: Unable to find a match: nice-xdcv', 'Error: Unable to find a match: nice-dcv-gl'],
  scratch: [
    'mkfs.xfs: cannot open /dev/nvme1n1: Device or resource busy',
    'mkfs.xfs: cannot open /dev/nvme2n1: Device or resource busy',
  ],
  stack: [
    'botocore.exceptions.ClientError: An error occurred (ThrottlingException) when calling the DescribeInstances operation: Rate exceeded',
  ],
  otherStack: [
    'botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the GetObject operation: Access Denied',
  ],
  started: [
    'Started session agent of owner alice on display :1',
    'Started session agent of owner bob on display :2',
  ],
  stopped: [
    'Stopped session agent of owner alice on display :1',
    'Stopped session agent of owner bob on display :3',
  ],
}

const all = Object.entries(LABELLED).flatMap(([label, lines]) => lines.map((line) => ({ label, line })))

/** In the order of a log where everything happens at once. */
const mixed = all.map((_, i) => all[(i * 7) % all.length] as { label: string; line: string })

/** Labels whose lines are one group of their own. */
function kept(lines: typeof all, ids: readonly string[]): string[] {
  return Object.keys(LABELLED).filter((label) => {
    const ours = new Set(ids.filter((_, i) => lines[i]?.label === label))
    return ours.size === 1 && lines.every((line, i) => line.label === label || !ours.has(ids[i] as string))
  })
}

describe('templates of desktops', () => {
  it.each([
    ['one after the other', all],
    ['mixed', mixed],
  ])('are those that a person would give, %s', (_, lines) => {
    const miner = new Miner()
    const sights = lines.map(({ line }) => miner.learn(line))
    const labels = Object.keys(LABELLED)
    expect(
      kept(
        lines,
        sights.map(({ id }) => id),
      ),
    ).toEqual(labels)
    const news = lines.filter((_, i) => sights[i]?.isNew).map(({ label }) => label)
    expect(new Set(news)).toEqual(new Set(labels))
    expect(news).toHaveLength(labels.length)
  })
})

import { describe, expect, test } from 'vitest'
import { aroundCause } from '../../src/triage/diagnosis/cause/verdict.ts'
import type { Step } from '../../src/triage/diagnosis/course/phase-model.ts'
import { ANN, desktop, HOST, NEW, SETUP, short } from './told-desktop.ts'
import { diagnosed, log, type Said } from './told-story.ts'

const STEP: Step = {
  ...{ phase: 'setup', sources: ['messages'], usual: 60_000, silent: 60_000, optional: false, beside: false },
  ...{ begin: [], done: [], claims: [], none: [], proven_by: [], goes_on: [], up_by: [], refused: [] },
}

describe('the root cause', () => {
  test('is a file system that is not mounted, though another one is afterwards', () => {
    const mount = (rule: string, path: string) => ({ rule, message: path, captures: { path } })
    const told = (...said: Said[]) =>
      short([
        log('filesystems-mount', ['milestone-mount-begin', ...said], {
          ...{ ...ANN, ...NEW },
          minutes: [1, 2, 3].slice(0, said.length + 1),
        }),
      ])
    const failed = mount('fs-mount-failed', '/apps')
    expect(told(failed, mount('milestone-mount-done', '/data'))).toEqual([
      'ann/cad failed mount fs-mount-failed',
    ])
    expect(told(failed, mount('milestone-mount-done', '/apps'))[0]).not.toContain('failed mount')
  })

  test('is the first critical failure in the order of the phases; the others follow from it', () => {
    const setup: Said[] = ['milestone-setup-begin', 'disk-full', 'disk-full', 'milestone-reboot-begin']
    const installed: Said[] = [
      'milestone-dcv-install-begin',
      'install-archive-missing',
      'milestone-session-begin',
      'session-create-exit-code',
    ]
    const [one] = diagnosed(desktop(ANN, { setup, installed }))
    expect(one?.verdict).toMatchObject({
      phase: 'setup',
      rule_id: 'disk-full',
      confidence: 'certain',
      severity: 'critical',
    })
    expect(one?.evidence.map(({ rule_id }) => rule_id)).toEqual(['disk-full', 'disk-full'])
    expect(one?.consequences).toEqual([
      expect.objectContaining({ rule_id: 'install-archive-missing', count: 1 }),
      expect.objectContaining({ rule_id: 'session-create-exit-code', count: 1 }),
    ])
    expect([one?.again, one?.before]).toEqual([1, []])
  })

  test('is no warning where a failure is named as the cause, too', () => {
    const said: Said[] = [
      'milestone-reboot-done',
      'kerberos-gss-failed',
      'session-home-quota',
      'session-create-failed',
    ]
    const later = log('setup-post-reboot', said, { ...ANN, ...NEW, minutes: [5, 6, 7, 9] })
    expect(short([later])).toEqual(['ann/cad failed session session-home-quota'])
  })

  test('is no try that a later one made good', () => {
    const told = (done: Said[]) => {
      const packages = log('install-packages', ['milestone-packages-begin', 'packages-retry', ...done], {
        ...{ ...ANN, ...NEW, minutes: [1, 2, 3] },
      })
      const later = log('setup-post-reboot', ['milestone-reboot-done', 'nvidia-kernel-source-missing'], {
        ...{ ...ANN, ...NEW, minutes: [5, 6] },
      })
      return short([packages, later])
    }
    expect(told(['packages-retry'])).toEqual(['ann/cad failed setup packages-retry'])
    expect(told(['milestone-packages-done'])).toEqual(['ann/cad failed gpu nvidia-kernel-source-missing'])
  })

  test('that stands in the same line belongs to the same step', () => {
    const installed: Said[] = ['milestone-dcv-install-begin', 'home-not-created', 'filesystem-read-only']
    const logs = desktop(ANN, { installed })
    const [install] = logs.filter(({ facts }) => facts.source === 'install-dcv')
    const [begin, ...both] = install?.events ?? []
    const inOneLine = [begin, ...both.map((event) => ({ ...event, offset: 100 }))].flatMap(
      (event) => event ?? [],
    )
    const told = logs.map((one) => (one === install ? { ...one, events: inOneLine } : one))
    expect(short(told)).toEqual(['ann/cad failed session filesystem-read-only'])
  })

  test('keeps its own step if its rule names one, though the same line says something else as well', () => {
    const said: Said[] = ['sssd-tls-failed', 'dcv-certificate-failed']
    const kernel = log('messages', said, { ...HOST, host: 'h', minutes: [9, 9] })
    const inOneLine = kernel.events.map((event) => ({ ...event, offset: 0 }))
    expect(short([{ ...kernel, events: inOneLine }])).toEqual(['h failed identity sssd-tls-failed'])
  })

  test('on the host is not why the ALB manager fails, too', () => {
    const alb = log('alb-manager', [
      { rule: 'alb-too-many-rules', message: `TooManyRules for ${ANN.host}`, captures: { host: ANN.host } },
    ])
    const setup: Said[] = ['milestone-setup-begin', 'disk-full', 'package-dependency-failed']
    const [one] = diagnosed([log('compute-node', setup, { ...ANN, end: 20 }), alb])
    expect(one).toMatchObject({
      verdict: { rule_id: 'disk-full' },
      beside: [{ rule_id: 'alb-too-many-rules', count: 1 }],
    })
    expect(one?.consequences.map(({ rule_id }) => rule_id)).not.toContain('alb-too-many-rules')
  })

  test('has no consequence that was written before it', () => {
    const said = ['package-not-found', 'disk-full', 'disk-full', 'home-not-created']
    const told = log('messages', said).events.map((event, at) => ({ event, at, step: STEP }))
    const [earlier, root, ...later] = told
    if (earlier === undefined || root === undefined) throw new Error('no events')
    expect(aroundCause({ root, consequences: [earlier, ...later] }, new Map())).toMatchObject({
      again: 1,
      consequences: [{ rule_id: 'home-not-created', count: 1 }],
      before: [{ rule_id: 'package-not-found', count: 1 }],
    })
  })

  test('leaves a step that was not needed, and one that nobody wrote of, as what they are', () => {
    const setup: Said[] = ['milestone-setup-begin', 'milestone-reboot-skipped']
    const logs = [
      log('web-ui', ['milestone-login-asked'], { profile: 'edh-26', cluster: 'edh-lab', minutes: [90] }),
      log('setup-post-reboot', ['milestone-gpu-none', 'milestone-node-ready'], {
        ...{ ...ANN, profile: 'edh-26', cluster: 'edh-lab', minutes: [30, 40] },
      }),
      log('setup', setup, { ...ANN, profile: 'edh-26', cluster: 'edh-lab', minutes: [0, 20] }),
    ]
    const [one] = diagnosed(logs)
    const stateOf = (phase: string) => one?.phases.find((step) => step.phase === phase)?.state
    expect(['launch', 'reboot', 'gpu'].map(stateOf)).toEqual(['done', 'skipped', 'skipped'])
  })

  test('is what the rule of the failure names as its cause, also in a log without times', () => {
    const server = log('dcv-server', ['session-outputs-timeout'], {
      profile: 'host',
      cluster: '',
      host: 'h',
      minutes: [10],
    })
    const x = log('xdcv', ['xdcv-stale-socket'], { profile: 'host', cluster: '', host: 'h', end: 30 })
    expect(short([server, x])).toEqual(['h failed session xdcv-stale-socket'])
  })

  test('of a consequence is the failure right before it, if nothing was reached between the two', () => {
    const failed = (...between: Said[]) =>
      short(
        desktop(ANN, {
          installed: [
            'milestone-session-begin',
            'session-home-denied',
            ...between,
            'session-create-exit-code',
          ],
        }),
      )
    expect(failed()).toEqual(['ann/cad failed session session-home-denied'])
    expect(failed('milestone-session-announced')).toEqual(['ann/cad failed session session-create-exit-code'])
  })

  test('is what a script gave up at, not that it ended itself', () => {
    const said: Said[] = [
      'milestone-win-identity-begin',
      'win-domain-join-failed',
      'milestone-reboot-planned',
      'win-bootstrap-fatal',
    ]
    expect(short([log('win-bootstrap', said, { host: 'h' })])).toEqual([
      'h failed identity win-domain-join-failed',
    ])
  })

  test('of a consequence is the first of the lines that say the same, whatever stands between them', () => {
    const installed: Said[] = [
      'milestone-dcv-install-begin',
      'package-certificate-refused',
      'unknown: the authority is not known here',
      'package-certificate-refused',
      'install-download-failed',
    ]
    const [one] = diagnosed(desktop(ANN, { installed }))
    expect(one?.evidence.map(({ offset }) => offset)).toEqual([100, 300])
  })

  test('may be hidden by a line that only looks like a failure, if that is at most 1,500 bytes before the consequence', () => {
    const said: Said[] = [
      'milestone-setup-begin',
      'aws-region-missing',
      'unknown: the frobnicator is on fire',
      'setup-download-fatal',
    ]
    const { facts, events } = log('compute-node', said, { ...ANN, end: 5 })
    const offsets = (distance: number) => [0, 100, 50_000 - distance, 50_000]
    const guessed = (distance: number) => {
      const placed = events.map((event, at) => ({ ...event, offset: offsets(distance)[at] ?? 0 }))
      return short([{ facts, events: placed }])
    }
    expect(guessed(1500)).toEqual(['ann/cad failed setup setup-download-fatal'])
    expect(guessed(1501)).toEqual(['ann/cad failed setup aws-region-missing'])
  })

  test('is no line of DCV that merely looks like a failure, though it stands right before one', () => {
    const said: Said[] = ['unknown: no printer is there', 'dcv-display-fault']
    const server = log('dcv-server', said, { ...HOST, host: 'h', minutes: [9, 10] })
    expect(short([server])).toEqual(['h failed session dcv-display-fault'])
  })

  test('of what only reports that something failed is the failure right above it, whatever its step', () => {
    const said: Said[] = ['milestone-user-data-begin', 'mount-endpoint-gave-up', 'cloudinit-script-failed']
    expect(short([log('cloud-init-output', said, { ...ANN, end: 9 })])).toEqual([
      'ann/cad failed mount mount-endpoint-gave-up',
    ])
  })

  test('of what only reports that something failed may stand in another log at that time', () => {
    const said: Said[] = ['milestone-session-begin', 'session-socadcv-failed']
    const setup = log('setup-post-reboot', said, { ...ANN, ...NEW, minutes: [20, 21] })
    const secure = (minute: number) =>
      log('secure', ['pam-account-denied'], { ...HOST, host: ANN.host, minutes: [minute] })
    expect(short([setup, secure(21.1)])[0]).toMatch(/ pam-account-denied$/)
    expect(short([setup, secure(12)])[0]).toMatch(/ session-socadcv-failed$/)
  })

  test('of what the portal finds broken is what failed on the host before, however long ago', () => {
    const broken = log(
      'state-watcher',
      [{ rule: 'watch-session-error', message: `not running properly on ${ANN.host}` }],
      { ...NEW, minutes: [90] },
    )
    const host = (...said: Said[]) =>
      log('setup-post-reboot', said, { ...ANN, ...NEW, minutes: said.map((_, i) => 20 + i) })
    const begun: Said[] = ['milestone-reboot-done', 'milestone-dcv-install-begin']
    expect(short([host(...begun, 'install-download-failed'), broken])).toEqual([
      'ann/cad failed dcv-install install-download-failed',
    ])
    expect(short([host(...begun, 'general-file-missing'), broken])).toEqual([
      'ann/cad failed dcv-install general-file-missing',
    ])
    expect(short([host(...begun), broken])).toEqual(['ann/cad failed session watch-session-error'])
  })

  test('of what was given up is what failed between the tries', () => {
    const tries: Said[] = ['python-exception', 'secret-retry', 'python-exception', 'secret-retry']
    const setup = [...SETUP.slice(0, 2), ...tries, 'secret-gave-up']
    expect(short([log('compute-node', setup, ANN)])).toEqual(['ann/cad failed identity python-exception'])
  })

  test('of a stack that was refused is what the portal wrote right before', () => {
    const refused = { rule: 'portal-stack-refused', message: 'deleting /logs/dcv_node/ann/cad' }
    const reason = { rule: 'api-dry-run-failed', message: 'Dry run failed for /logs/dcv_node/ann/cad' }
    const web = log('web-ui', [reason, refused], { ...NEW, session_uuid: '', minutes: [1, 1] })
    expect(short([web])).toEqual(['ann/cad failed launch api-dry-run-failed'])
  })

  test('of a service that was restarted too often is why it did not start', () => {
    const installed: Said[] = ['milestone-session-begin', 'session-dcvserver-failed']
    const said: Said[] = ['fapolicyd-denied', 'host-unit-exec-failed', 'host-unit-start-limit']
    const host = log('messages', said, { ...ANN, minutes: [39, 39, 39.1] })
    expect(short([...desktop(ANN, { installed }), host])).toEqual(['ann/cad failed session fapolicyd-denied'])
  })

  test('of a session that ended is what its script said last, where no rule knows more', () => {
    const x = (minute: number) =>
      log('dcv-xsession', ['general-file-missing'], { ...HOST, host: 'h', owner: 'ann', minutes: [minute] })
    const server = log('dcv-server', ['dcv-session-ended'], { ...HOST, host: 'h', minutes: [10] })
    expect(short([x(9.9), server])).toEqual(['h failed session general-file-missing'])
    expect(short([x(5), server])).toEqual(['h failed session dcv-session-ended'])
  })

  test('that only the kernel tells belongs to the step of what came of it', () => {
    const installed: Said[] = [
      'milestone-dcv-install-begin',
      'host-script-program-killed',
      'dcv-package-conflict',
      'session-dcvserver-missing',
    ]
    const kernel = log('messages', ['memory-program-killed'], { ...ANN, minutes: [41] })
    const [, , script] = desktop(ANN, { installed })
    const reboot = log('setup-post-reboot', ['milestone-reboot-done'], { ...ANN, minutes: [40] })
    expect(short([reboot, kernel, ...(script === undefined ? [] : [script])])).toEqual([
      'ann/cad failed dcv-install memory-program-killed',
    ])
  })

  test('of the user data of Windows may stand behind its consequence', () => {
    const run = log('win-userdata', ['win-msi-failed', 'win-tls-failed'], {
      ...{ ...HOST, host: 'ip-10-0-0-9', minutes: [3, 3.1] },
    })
    expect(short([run])[0]).toMatch(/ win-tls-failed$/)
  })

  test('may be told by another log a moment later than the consequence, but not by the next boot', () => {
    const failed = (minute: number) =>
      short([
        ...desktop(ANN, { installed: ['milestone-session-begin'] }),
        log('messages', ['session-dcvserver-failed'], { ...ANN, minutes: [44] }),
        log('dcv-server', ['session-port-in-use'], { ...ANN, minutes: [minute] }),
      ])
    expect(failed(46)).toEqual(['ann/cad failed session session-port-in-use'])
    expect(failed(90)).toEqual(['ann/cad failed session session-dcvserver-failed'])
  })

  test('of a session that was not created is what DCV says of itself, where no rule names it', () => {
    const installed: Said[] = ['milestone-session-begin', 'session-socadcv-failed']
    const server = log('dcv-server', ['dcv-frontend-fault'], { ...ANN, minutes: [39] })
    expect(short([...desktop(ANN, { installed }), server])).toEqual([
      'ann/cad failed session dcv-frontend-fault',
    ])
  })

  test('of a session that was not created is what its own X server says, though that may have a cause, too', () => {
    const installed: Said[] = ['milestone-session-begin', 'session-create-failed']
    const x = log('xdcv', ['xdcv-stale-socket'], { ...ANN, end: 45 })
    expect(short([...desktop(ANN, { installed }), x])).toEqual(['ann/cad failed session xdcv-stale-socket'])
  })

  test('of a crash of X is none of what the session says of it', () => {
    const installed: Said[] = ['milestone-session-begin', 'session-create-failed']
    const kernel = log('messages', ['xdcv-crashed'], { ...ANN, profile: 'host', minutes: [40] })
    const script = log('dcv-xsession', ['xsession-no-display'], { ...ANN, end: 45 })
    const x = log('xdcv', ['xdcv-crashed', 'xdcv-fatal-error'], { ...ANN, end: 45 })
    expect(short([...desktop(ANN, { installed }), kernel, script, x])).toEqual([
      'ann/cad failed session xdcv-crashed',
    ])
  })

  test('is not what the login screen of the image met before the bootstrap came to DCV', () => {
    const screen = log('messages', ['gnome-no-display'], { ...ANN, profile: 'host', minutes: [-2] })
    const installed: Said[] = ['milestone-session-begin', 'session-create-failed']
    expect(short([...desktop(ANN, { installed }), screen])).toEqual([
      'ann/cad failed session session-create-failed',
    ])
    const hung = log('compute-node', ['milestone-setup-begin'], { ...ANN, minutes: [1] })
    expect(short([hung, screen])).toEqual(['ann/cad stalled setup absence-setup-end'])
    expect(short([screen])).toEqual(['ann/cad failed session gnome-no-display'])
  })

  test('of a file system that went away under a running session is of that session', () => {
    const host = log('messages', ['nfs-server-silent'], { ...ANN, ...NEW, session_uuid: '', minutes: [300] })
    const broken = log(
      'state-watcher',
      [{ rule: 'watch-session-error', message: `not running properly on ${ANN.host}` }],
      { ...NEW, minutes: [310] },
    )
    const mounted = log('filesystems-mount', ['milestone-mount-begin', 'milestone-mount-done'], {
      ...{ ...ANN, ...NEW, minutes: [3, 4] },
    })
    const said: Said[] = ['milestone-reboot-done', 'milestone-session-begin', 'milestone-session-constructed']
    const ready = log('setup-post-reboot', said, { ...ANN, ...NEW, minutes: [20, 21, 22] })
    expect(short([mounted, ready, host, broken])).toEqual(['ann/cad failed session nfs-server-silent'])
  })

  test('that the log of a step warned of, in a step before it, belongs to the one that it broke', () => {
    const told = (...said: Said[]) => short([log('cloud-init-output', said, { ...ANN, end: 9 })])
    expect(told('milestone-user-data-begin', 'package-nfs-missing', 'nfs-helper-missing')).toEqual([
      'ann/cad failed mount package-nfs-missing',
    ])
    expect(told('milestone-user-data-begin', 'disk-full', 'mount-gave-up')).toEqual([
      'ann/cad failed user-data disk-full',
    ])
  })

  test('may stand right below the line that only reports it, but not a minute later', () => {
    const told = (minute: number) =>
      short([
        log('cloud-init', ['cloudinit-module-failed', 'shell-exec-format'], { ...ANN, minutes: [5, minute] }),
      ])
    expect(told(5)).toEqual(['ann/cad failed user-data shell-exec-format'])
    expect(told(6)).toEqual(['ann/cad failed user-data cloudinit-module-failed'])
  })

  test('that X tells of a session stays one, though X also says what a GPU would lack', () => {
    const x = log('xorg', ['xorg-dummy-missing', 'xorg-no-screens'], { ...ANN, minutes: [45, 46] })
    const ready = desktop(ANN, { installed: ['milestone-session-begin'] })
    expect(short([...ready, x])).toEqual(['ann/cad failed session xorg-dummy-missing'])
  })

  test('that the host tells of a session belongs to the earlier step that it broke', () => {
    const setup = log('setup', ['milestone-setup-begin', 'packages-gave-up'], {
      ...{ ...ANN, ...NEW, minutes: [5, 9] },
    })
    const host = log('messages', ['storage-remounted-read-only'], {
      ...{ ...ANN, ...NEW, session_uuid: '', minutes: [6] },
    })
    expect(short([setup, host])).toEqual(['ann/cad failed setup storage-remounted-read-only'])
  })

  test('that the server of DCV tells of a user is of his login', () => {
    const ready = desktop(ANN, { installed: ['milestone-session-begin', 'milestone-session-created'] })
    const server = log('dcv-server', ['win-trust-broken'], { ...ANN, minutes: [60] })
    expect(short([...ready, server])).toEqual(['ann/cad failed connect win-trust-broken'])
  })

  test('that the setup of a host warned of belongs to the step in which it happened', () => {
    const installed: Said[] = [
      'milestone-dcv-install-begin',
      'packages-retry',
      'nvidia-kernel-source-missing',
    ]
    expect(short(desktop(ANN, { installed }))).toEqual(['ann/cad failed dcv-install packages-retry'])
  })

  test('that the setup of a host tells in the middle of a step, or after its end, is of the setup, if the log deals with it', () => {
    const told = (...before: Said[]) =>
      short([log('win-bootstrap', [...before, 'win-tls-failed'], { host: 'ip-10-0-0-9' })])
    const windows = ['ip-10-0-0-9 failed setup win-tls-failed']
    expect(told('milestone-win-identity-begin')).toEqual(windows)
    expect(told('milestone-win-identity-begin', 'milestone-win-identity-done')).toEqual(windows)
    const setup = (...said: Said[]) => short([log('setup', said, { ...ANN, ...NEW, end: 9 })])
    const begun: Said[] = ['milestone-setup-begin', 'milestone-identity-begin']
    expect(setup(...begun, 'disk-full')).toEqual(['ann/cad failed identity disk-full'])
    expect(setup(...begun, 'milestone-identity-done', 'disk-full')).toEqual([
      'ann/cad failed setup disk-full',
    ])
  })

  test('that a log tells before any of its steps belongs to the step with which such logs begin', () => {
    const output = log('cloud-init-output', ['aws-access-denied'], { ...ANN, ...NEW, end: 5 })
    expect(short([output])).toEqual(['ann/cad failed user-data aws-access-denied'])
  })

  test('that the setup of a host tells between two steps belongs to the later one', () => {
    const said: Said[] = ['milestone-win-reboot-done', 'win-tls-failed', 'milestone-win-dcv-begin']
    const windows = log('win-bootstrap', said, { host: 'ip-10-0-0-9' })
    expect(short([windows])).toEqual(['ip-10-0-0-9 failed dcv-install win-tls-failed'])
  })

  test('fills what was captured into the remedy', () => {
    const message =
      "[Stack could not be created, deleting /apps/edh/edh-lab/shared/logs/bootstrap/dcv_node/ann/cad] 'session_name': 'cad', 'user': 'ann'"
    const web = log('web-ui', [{ rule: 'portal-stack-refused', message, captures: { path: '/apps/x' } }], {
      ...NEW,
      session_uuid: '',
      minutes: [1],
    })
    const [one] = diagnosed([web])
    expect(one).toMatchObject({ session: 'ann/cad', status: 'failed', verdict: { phase: 'launch' } })
    expect(one?.verdict?.explain).toContain('/apps/x')
  })

  test('that no rule knows is told as what it is', () => {
    const setup: Said[] = ['milestone-setup-begin', 'unknown: the frobnicator is on fire']
    const [one] = diagnosed([log('compute-node', setup, { ...ANN, end: 5 })])
    expect(one?.verdict).toMatchObject({
      rule_id: '',
      phase: 'setup',
      confidence: 'possible',
      explain: 'the frobnicator is on fire',
    })
  })
})

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Program, runProgram, startProgram, until } from '../support/program.ts'
import { jsonLines } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'
import { readStore } from '../support/tiling.ts'

const LOGS = 'apps/edh/edh-lab/shared/logs/bootstrap/dcv_node'
const BEGIN_MS = Date.now() - 4 * 3_600_000
const LOOPING = 'ann/loop'
const STALLED = 'bob/stuck'
const WELL = 'eve/well'

const folderOf = (desktop: string, host: string) =>
  join(LOGS, desktop, '5b0d3c1e-77a4-4c09-8a52-8f1f3c2b9d10/c7f4a2d8-1e35-4b6f-9f0a-2d6e8b1c4a57', host)
const setupOf = (desktop: string, host: string) => join(folderOf(desktop, host), '02_setup.log')
const LOOP_LOG = setupOf(LOOPING, 'ip-10-0-0-1')

/** A line of a bootstrap log, so many minutes after the begin. */
const line = (minute: number, text: string) =>
  `[${new Date(BEGIN_MS + minute * 60_000).toISOString().slice(0, 19).replace('T', ' ')},040] [INFO] ${text}\n`
const started = line(0, 'Setup Start Date: now')
const restarts = (...minutes: number[]) => minutes.map((at) => line(at, 'Rebooting the machine')).join('')

const FILES: Readonly<Record<string, string>> = {
  [LOOP_LOG]: started + restarts(5, 13, 21, 29, 37, 45),
  [setupOf(STALLED, 'ip-10-0-0-2')]: started,
  [setupOf(WELL, 'ip-10-0-0-3')]: started + restarts(5),
  [join(folderOf(WELL, 'ip-10-0-0-3'), '03_setup_post_reboot.log')]:
    line(7, 'Setup Post Reboot Start Date: now') + line(9, 'Bootstrap Sequence Completed: Node Ready'),
}

/** Shipped rules say the same of fewer restarts than this one. */
const ownRule = (version: number, count: number) => ({
  ...{
    id: 'own-restarts',
    version,
    status: 'stable',
    type: 'threshold',
    title: 'Restarts',
    severity: 'warning',
  },
  ...{ layer: 'user', phase: 'reboot', explain: 'Why.', of: ['milestone-reboot-begin'], count, within: '1h' },
  per: 'host',
  samples: {
    match: [
      {
        events: Array.from({ length: count }, () => ({ rule: 'milestone-reboot-begin', at: '0s' })),
        until: '1h',
      },
    ],
    no_match: [{ events: [{ rule: 'milestone-reboot-begin', at: '0s' }], until: '1h' }],
  },
})

/** A tree of logs, a data directory, and rules of the operator's. */
class Desktops {
  readonly root = tempDir()
  readonly data = tempDir()
  readonly #rules = tempDir()
  readonly #where: readonly string[]

  constructor() {
    for (const [name, content] of Object.entries(FILES)) this.write(name, content)
    const config = join(this.#rules, 'settings.yaml')
    writeFileSync(config, 'batchMs: 100\nscanMs: 200\nflushMs: 100\nlineFlushMs: 300\nlogLevel: info\n')
    mkdirSync(join(this.#rules, 'signatures'))
    this.decide(1, 6)
    this.#where = ['--root', this.root, '--data', this.data, '--rules', this.#rules, '--config', config]
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.root, name)), { recursive: true })
    appendFileSync(join(this.root, name), text)
  }

  /** The operator's rule, from now on. */
  decide(version: number, count: number): void {
    writeFileSync(join(this.#rules, 'signatures', 'own.yaml'), JSON.stringify(ownRule(version, count)))
  }

  serve(): Program {
    return startProgram(['serve', ...this.#where, '--port', '0'])
  }

  async run(...args: string[]): Promise<Record<string, unknown>[]> {
    const { code, stdout, stderr } = await runProgram([...args, ...this.#where, '--json'])
    expect([code, stderr]).toEqual([0, ''])
    return jsonLines(stdout)
  }

  /** How often each event of several others is stored: by rule and desktop. */
  async stored(): Promise<Record<string, number>> {
    const { lines, events, eventCount, trendCount } = await readStore({ folder: join(this.data, 'store') })
    expect(trendCount).toBe(eventCount)
    const ids = new Set(lines.map(({ event_id }) => event_id))
    const made = events.filter(({ event_id }) => !ids.has(event_id))
    expect(new Set(made.map(({ event_id }) => event_id)).size).toBe(made.length)
    return countedBy(made.flatMap(({ rule_id, times }) => Array.from({ length: times }, () => rule_id)))
  }
}

function countedBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** Waits until the program has stored so many events of a rule. */
const told = (program: Program, rule: string, times = 1) =>
  until(
    `${rule} is stored`,
    () => program.isOver || program.stderr().split(`"rule":"${rule}"`).length - 1 >= times,
  )
const ofRule = (rows: readonly Record<string, unknown>[], rule: string) =>
  rows.filter(({ rule_id }) => rule_id === rule)

describe('what several events say together', () => {
  it('is stored once, and is in every answer like other events', async () => {
    const desktops = new Desktops()
    const program = desktops.serve()
    await told(program, 'absence-setup-end')
    await told(program, 'repeat-reboots')

    const trends = await desktops.run('trends', '--from', '1d')
    expect(
      trends.map(({ rule_id, title, count, sessions, hosts }) => [rule_id, title, count, sessions, hosts]),
    ).toEqual(
      expect.arrayContaining([
        ['absence-setup-end', 'The setup of the host does not end', 1, 1, 1],
        ['repeat-reboots', 'The host restarts again and again', 1, 1, 1],
        ['own-restarts', 'Restarts', 1, 1, 1],
      ]),
    )
    expect(trends).toHaveLength(3)
    const signatures = await desktops.run('signatures')
    expect(signatures.map(({ id }) => id).sort()).toEqual([
      'absence-setup-end',
      'own-restarts',
      'repeat-reboots',
    ])

    const looping = ofRule(await desktops.run('timeline', LOOPING), 'repeat-reboots')
    expect(looping).toMatchObject([{ offset: 275, length: 0, session: 'loop', host: 'ip-10-0-0-1' }])
    const stalled = ofRule(await desktops.run('timeline', STALLED), 'absence-setup-end')
    const waited = new Date(BEGIN_MS + 3_600_000).toISOString().slice(0, 19)
    expect(stalled).toMatchObject([{ offset: 0, length: 0, ts: `${waited}.040000Z`, severity: 'error' }])
    expect(await desktops.run('timeline', WELL)).toHaveLength(4)
    const [diagnosis] = await desktops.run('diagnose', LOOPING)
    expect(diagnosis).toMatchObject({
      ...{ status: 'failed', verdict: { rule_id: 'repeat-reboots' }, again: 0 },
      findings: [
        { rule_id: 'repeat-reboots', count: 6 },
        { rule_id: 'own-restarts', count: 6 },
      ],
    })

    const found = await desktops.run('search', 'Restarts: 6 times')
    expect(found).toMatchObject([{ rule_id: 'own-restarts', session: 'loop' }])
    const around = await fetch(
      `${await program.url()}/api/v1/lines?event_id=${looping[0]?.['event_id']}&before=1&after=1`,
    )
    const { items } = (await around.json()) as { items: Record<string, unknown>[] }
    expect(items.map(({ offset, length }) => [offset, length])).toEqual([
      [220, 55],
      [275, 55],
      [275, 0],
      [330, 55],
    ])

    await program.stop()
    const compared = await desktops.run('verify')
    expect(compared.filter(({ status }) => status === 'different')).toEqual([])
    expect(await desktops.stored()).toEqual({
      'absence-setup-end': 1,
      'own-restarts': 1,
      'repeat-reboots': 1,
    })
  })

  it('is not stored again after a kill, when it goes on, or when the rest of the desktops changes', async () => {
    const desktops = new Desktops()
    const killed = desktops.serve()
    await told(killed, 'repeat-reboots')
    await killed.kill()
    desktops.write(LOOP_LOG, restarts(53, 61))
    desktops.write(setupOf('dan/stuck', 'ip-10-0-0-4'), started)

    const again = desktops.serve()
    // The desktops are looked at together.
    await told(again, 'absence-setup-end')
    expect(again.stderr()).not.toContain('"rule":"repeat-reboots"')
    await again.stop()
    expect(await desktops.stored()).toEqual({
      'absence-setup-end': 2,
      'own-restarts': 1,
      'repeat-reboots': 1,
    })
  })

  it('is replaced when its rule has changed and the rules are applied', async () => {
    const desktops = new Desktops()
    const first = desktops.serve()
    await told(first, 'own-restarts')
    await first.stop()
    desktops.decide(2, 4)
    expect(await desktops.run('rules', 'apply', '--since', '1d')).toEqual([
      { rule_id: 'own-restarts', added: 0, removed: 1 },
    ])
    expect(await desktops.stored()).not.toHaveProperty('own-restarts')

    const second = desktops.serve()
    await told(second, 'own-restarts')
    const [event] = ofRule(await desktops.run('timeline', LOOPING), 'own-restarts')
    expect(event).toMatchObject({ rule_version: 2, offset: 220 })
    await second.stop()
    expect(await desktops.stored()).toMatchObject({ 'own-restarts': 1 })
  })
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../support/program.ts'
import { jsonLines } from '../support/sample-cluster.ts'
import { bootstrapped } from '../triage/scenarios/bootstrap-desktop.ts'
import { desktop } from '../triage/scenarios/desktops.ts'
import { after, upTo } from '../triage/scenarios/edits.ts'
import { EDH_26 } from '../triage/scenarios/generations.ts'
import { plant } from '../triage/scenarios/scenario.ts'

const RULES = `
rules:
  - id: lab-share-silent
    version: 1
    status: stable
    type: condition
    title: The share does not answer
    severity: critical
    layer: environment
    phase: session
    clears_on: [lab-share-back]
    match: { literal: lab share is silent }
    explain: The server of the share is away.
    remedy: [Look at the server.]
    samples: { match: [lab share is silent], no_match: [lab share is there] }
  - id: lab-share-back
    version: 1
    status: stable
    title: The share answers again
    severity: info
    layer: environment
    phase: session
    match: { literal: lab share is back }
    explain: It is there again.
    remedy: [Nothing.]
    samples: { match: [lab share is back], no_match: [lab share is there] }
`
const LOOP = desktop('ann/cad', '10.30.8.4', 0)
const WELL = desktop('bob/cfd', '10.30.8.5', 0)
const SILENT = desktop('cleo/fem', '10.30.8.6', 0)
const HANGING = desktop('dora/mesh', '10.30.8.7', 0)
const END = '[INFO] Bootstrap Sequence Completed: Node Ready'
const REBOOT = '[INFO] Rebooting the machine'

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-findings-'))
const [root, data, rules] = [join(folder, 'tree'), join(folder, 'data'), join(folder, 'rules')]
const tree = [
  ...bootstrapped(EDH_26, LOOP, {
    '02_setup.log': [after(REBOOT, ...Array.from({ length: 5 }, () => REBOOT))],
    '03_setup_post_reboot.log': 'gone',
  }),
  ...bootstrapped(EDH_26, WELL, {
    '03_setup_post_reboot.log': [
      upTo(
        END,
        END,
        '[ERROR] lab share is silent',
        '[ERROR] lab share is silent',
        '[INFO] lab share is back',
      ),
    ],
  }),
  ...bootstrapped(EDH_26, SILENT, {
    '03_setup_post_reboot.log': [upTo(END, END, '[ERROR] lab share is silent')],
  }),
  ...bootstrapped(EDH_26, HANGING, {
    '03_setup_post_reboot.log': [
      upTo(
        '[INFO] Extracting DCV archive ...',
        '  Running scriptlet: flatpak-selinux   211/402',
        '└───┘',
        '',
      ),
    ],
  }),
]

let read: Record<string, unknown>[] = []

beforeAll(async () => {
  plant(root, tree)
  mkdirSync(join(rules, 'signatures'), { recursive: true })
  writeFileSync(join(rules, 'signatures', 'lab.yaml'), RULES)
  read = jsonLines(await ask('diagnose', '--root', root, root, '--json'))
  expect((await runProgram(['ingest', '--root', root, '--data', data, '--rules', rules])).code).toBe(0)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ask = async (...words: string[]) =>
  (await runProgram([...words, '--data', data, '--rules', rules])).stdout
const ofStore = async (session: string) => jsonLines(await ask('diagnose', session, '--json'))
const of = (session: string) => read.find((one) => one['session'] === session)

const rulesOf = (evidence: unknown) =>
  (evidence as Record<string, unknown>[]).map(({ rule_id, ts, file, offset }) => [rule_id, ts, file, offset])

describe('what several events say together', () => {
  it('is the same whether files are read or the store is asked', async () => {
    for (const session of ['ann/cad', 'bob/cfd', 'cleo/fem', 'dora/mesh']) {
      const [stored] = await ofStore(session)
      const { evidence, ...said } = of(session) ?? {}
      const { evidence: storedEvidence, ...storedSaid } = stored ?? {}
      expect(storedSaid).toEqual(said)
      expect(rulesOf(storedEvidence)).toEqual(rulesOf(evidence))
    }
  })

  it('is the root cause of a desktop that restarts again and again, with its count and times', async () => {
    expect(of('ann/cad')).toMatchObject({
      status: 'failed',
      verdict: { rule_id: 'repeat-reboots' },
      findings: [{ rule_id: 'repeat-reboots', count: 6, per: 'host' }],
    })
    const text = await ask('diagnose', '--root', root, root, '--utc')
    expect(text).toMatch(/\n {2}The host restarts again and again ×6, 2026-05-04 08:.* to 2026-05-04 08:12/)
  })

  it('is an event of the timeline, at the place of the last that makes it hold', async () => {
    const timeline = jsonLines(await ask('timeline', 'ann/cad', '--json'))
    const at = timeline.findIndex(({ rule_id }) => rule_id === 'repeat-reboots')
    const [last, found] = timeline.slice(at - 1, at + 1)
    expect(last).toMatchObject({ rule_id: 'milestone-reboot-begin' })
    expect(found).toMatchObject({
      ...{ kind: 'signature', length: 0, severity: 'critical' },
      ...{ ts: last?.['ts'], file: last?.['file'], offset: last?.['offset'] },
    })
    const pages = jsonLines(await ask('timeline', 'ann/cad', '--json', '--limit', '1000'))
    expect(pages).toEqual(timeline)
  })
})

it('shows of a desktop that went silent the last line with any text, which no rule knows', () => {
  expect(of('dora/mesh')).toMatchObject({
    status: 'stalled',
    evidence: [
      { kind: 'line', message: '  Running scriptlet: flatpak-selinux   211/402' },
      { kind: 'milestone', message: expect.stringContaining('Downloading + Installing DCV') },
    ],
  })
})

describe('a condition', () => {
  it('that was over later is shown with its end, and is not why a desktop fails that is ready', async () => {
    const one = of('bob/cfd')
    expect(one).toMatchObject({ status: 'ready', evidence: [] })
    expect(one?.['verdict']).toBeUndefined()
    expect(one?.['findings']).toMatchObject([
      {
        rule_id: 'lab-share-silent',
        type: 'condition',
        count: 2,
        cleared_at: expect.stringMatching(/^2026-/),
      },
    ])
    const text = await ask('timeline', 'bob/cfd', '--utc')
    expect(text).toMatch(/lab share is silent {2}\(over at 2026-05-04 08:24/)
  })

  it('that goes on is why it fails', () => {
    const one = of('cleo/fem')
    expect(one).toMatchObject({ status: 'failed', verdict: { rule_id: 'lab-share-silent' } })
    expect(one?.['findings']).toMatchObject([{ rule_id: 'lab-share-silent', count: 1 }])
  })
})

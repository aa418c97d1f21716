import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClassifier } from '../../src/interpret/classify.ts'
import { createInterpreter } from '../../src/interpret/interpret.ts'
import { loadFormats } from '../../src/interpret/load-formats.ts'
import { loadRules } from '../../src/interpret/load-rules.ts'
import { Miner } from '../../src/interpret/template/miner.ts'
import { chunkOf } from './chunk-of.ts'

const RULES = join(import.meta.dirname, '../../rules')
const { rules } = loadRules([RULES])
const TIME = '2026-11-28 15:00:00,000000 [ 1:1 ]'

/** What is told of a failure in invented words, by each of these heads. */
function told(heads: readonly string[], words: string) {
  const miner = new Miner()
  const interpret = createInterpreter({
    ...{ formats: new Map(), classifier: createClassifier(rules) },
    templateOf: (line) => miner.learn(line).id,
  })
  return interpret(chunkOf(heads.map((head) => `${head}${words}`))).verdicts
}

it.each([
  ...['flux-capacitor', 'http-frontend', 'connection', 'session-manager', 'session', 'agent', 'backend'].map(
    (module) => `${TIME} ERROR ${module} - `,
  ),
  ...['display', 'encoder', 'audio', 'usb', 'main', 'permissions', 'authenticator', 'auth-manager'].map(
    (module) => `${TIME} FATAL ${module} - `,
  ),
  '[2026-11-28 15:00:00.111] [ERROR] [websocket]: ',
  '2026-11-28T15:00:00.123456Z ERROR agent::client: ',
  '2026-11-28 15:00:00,001 ERROR [task-1] com.amazon.dcv.sm.broker.service.SessionService - ',
  '2026-11-28 15:00:00 ERROR [ssm-agent-worker] [MessageService] ',
  '2026-11-28T15:00:00Z E! [inputs.logfile] ',
])('a failure nobody has seen yet stays unknown, though its writer is known: %s', (head) => {
  const verdicts = told([head], 'Flux capacitor overflow on unit 7: fatal failure')
  const general = verdicts.map(({ ruleId }) => rules.find(({ id }) => id === ruleId)?.general ?? true)
  expect(general).toEqual([true])
  expect(verdicts[0]?.templateId).toMatch(/^[0-9a-f]{16}$/)
})

it('failures of different parts are different signatures', () => {
  const heads = [1, 2, 3].map(() => `${TIME} ERROR  flux-capacitor - Unit `)
  const same = told(heads, '7 overflows: fatal failure').map(({ templateId }) => templateId)
  const [other] = told([`${TIME} ERROR  warp-drive - Coil `], '7 is cold: fatal failure')
  expect(new Set(same).size).toBe(1)
  expect(same).not.toContain(other?.templateId)
})

/** What is told of a text in a log of this source, written in this format. */
function toldIn(source: string, format: string, text: string) {
  const interpret = createInterpreter({
    ...{ formats: loadFormats([RULES]), classifier: createClassifier(rules) },
    templateOf: () => '0123456789abcdef',
  })
  const chunk = chunkOf([text], source)
  const { verdicts } = interpret({ ...chunk, file: { ...chunk.file, format } })
  return verdicts.map(({ ruleId, severity, phase, templateId }) => [ruleId, severity, phase, templateId])
}

const TEMPLATE = '0123456789abcdef'
const LINUX = '[2026-05-02 09:15:40,004] '
const WINDOWS = '2026-05-02 09:15:40 '

it.each([
  ['user-data', 'bootstrap', `${LINUX}[FATAL] `, 'host-fatal-user-data', 'critical', 'user-data'],
  [
    'cloud-init-output',
    'cloud-init-output',
    `${LINUX}[FATAL] `,
    'host-fatal-user-data',
    'critical',
    'user-data',
  ],
  ['filesystems-mount', 'bootstrap', `${LINUX}[FATAL] `, 'host-fatal-mount', 'critical', 'mount'],
  ['setup', 'bootstrap', `${LINUX}[FATAL] `, 'host-fatal-setup', 'critical', 'setup'],
  ['bootstrap-level', 'bootstrap', `${LINUX}[FATAL] `, 'host-fatal-setup', 'critical', 'setup'],
  ['setup-post-reboot', 'bootstrap', `${LINUX}[FATAL] `, 'host-fatal-post-reboot', 'critical', 'dcv-install'],
  ['win-bootstrap', 'win-edh', `${WINDOWS}[FATAL] `, 'win-bootstrap-fatal', 'critical', 'setup'],
  ['bootstrap-level', 'win-edh', `${WINDOWS}[FATAL] `, 'win-bootstrap-fatal', 'critical', 'setup'],
  ['win-bootstrap', 'win-edh', `${WINDOWS}[ERROR] `, 'win-bootstrap-error', 'error', 'setup'],
  ['bootstrap-level', 'win-edh', `${WINDOWS}[ERROR] `, 'win-bootstrap-error', 'error', 'setup'],
  ['win-userdata-soca', 'win-soca', `${WINDOWS}ERROR: `, 'win-script-level', 'error', 'setup'],
  ['ec2launch', 'ec2launch-v2', `${WINDOWS}Error: `, 'win-ec2launch-fault', 'error', 'user-data'],
  ['nvidia-installer', 'plain', 'ERROR: ', 'nvidia-installer-error', 'error', 'gpu'],
  [
    'messages',
    'syslog',
    'Jun  2 07:11:09 ip-10-9-4-18 kernel: nvidia-modeset: ERROR: GPU:0: ',
    'nvidia-modeset-fault',
    'error',
    'gpu',
  ],
  [
    'generic',
    'generic',
    `${WINDOWS}ERROR [ssm-session-worker] [ann] `,
    'ssm-worker-fault',
    'warning',
    'session',
  ],
])(
  'in %s (%s) the rule of the part names its kind before a rule about any text: %s… is of %s',
  (source, format, head, rule, severity, phase) => {
    const text = `${head}Unable to charge the flux capacitor`
    expect(toldIn(source, format, text)).toEqual([[rule, severity, phase, TEMPLATE]])
  },
)

it('of an extract only what a rule about its writer says counts', () => {
  const text = `${LINUX}[ERROR] Unable to charge the flux capacitor`
  expect(toldIn('bootstrap-level', 'bootstrap', text)).toEqual([])
  expect(toldIn('setup', 'bootstrap', text)).toEqual([['general-could-not', 'error', '', TEMPLATE]])
})

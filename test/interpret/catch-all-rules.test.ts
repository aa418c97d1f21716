import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClassifier } from '../../src/interpret/classify.ts'
import { createInterpreter } from '../../src/interpret/interpret.ts'
import { loadRules } from '../../src/interpret/load-rules.ts'
import { createMiner } from '../../src/interpret/template/miner.ts'
import { chunkOf } from './chunk-of.ts'

const { rules } = loadRules([join(import.meta.dirname, '../../rules')])
const TIME = '2026-11-28 15:00:00,000000 [ 1:1 ]'

/** What is told of a failure in invented words, by each of these heads. */
function told(heads: readonly string[], words: string) {
  const miner = createMiner()
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

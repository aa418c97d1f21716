import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { startProgram } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

const LOG = 'var/log/dcv/dcv-xsession.ann.desk.log'
const WAIT = { timeout: 30_000, interval: 100 }

const rule = (version: number, severity: string) =>
  JSON.stringify({
    ...{ id: 'own-rule', version, status: 'draft', title: 'Own', severity, layer: 'user', phase: 'session' },
    ...{ match: { literal: 'strange words' }, explain: 'Why.', remedy: ['Do.'] },
    samples: { match: ['strange words here'], no_match: ['strange'] },
  })

it('serve takes a changed rule at once, and refuses a set with a fault', { timeout: 120_000 }, async () => {
  const dir = tempDir()
  const own = join(dir, 'rules', 'signatures', 'own.yaml')
  const log = join(dir, 'tree', LOG)
  for (const file of [own, log]) mkdirSync(dirname(file), { recursive: true })
  writeFileSync(own, rule(1, 'error'))
  const service = startProgram(
    ['serve', '--root', join(dir, 'tree'), '--rules', join(dir, 'rules'), '--data', join(dir, 'data')].concat(
      '--port',
      '0',
    ),
  )
  const url = await service.url()
  const stored = async (text: string) => {
    const answer = await fetch(`${url}/api/v1/search?text=${encodeURIComponent(text)}`)
    const { items } = (await answer.json()) as { items: { severity?: string; rule_version?: number }[] }
    return items.map(({ severity, rule_version }) => ({ severity, rule_version }))
  }
  const becomes = (text: string, version: number, severity: string) =>
    vi.waitFor(async () => expect(await stored(text)).toEqual([{ severity, rule_version: version }]), WAIT)

  appendFileSync(log, 'strange words one\n')
  await becomes('words one', 1, 'error')
  writeFileSync(own, rule(2, 'no severity'))
  await vi.waitFor(() => expect(service.stderr()).toContain('own.yaml:1:'), WAIT)
  appendFileSync(log, 'strange words two\n')
  await becomes('words two', 1, 'error')
  expect(service.stderr()).not.toContain('no faults any more')
  writeFileSync(own, rule(1, 'error'))
  await vi.waitFor(() => expect(service.stderr()).toContain('the rules have no faults any more'), WAIT)
  writeFileSync(own, rule(3, 'warning'))
  await vi.waitFor(() => expect(service.stderr()).toContain('rules changed'), WAIT)
  appendFileSync(log, 'strange words three\n')
  await becomes('words three', 3, 'warning')
  // Other words for the same verdict.
  writeFileSync(own, rule(3, 'warning').replace('"Own"', '"Strange words were said"'))
  await vi.waitFor(async () => {
    const signatures = await (await fetch(`${url}/api/v1/signatures`)).text()
    expect(signatures).toContain('Strange words were said')
  }, WAIT)
})

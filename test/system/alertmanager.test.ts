import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { deliver } from '../../src/triage/alerts/receivers/deliver.ts'
import { alertingOf, someAlert, someMessage } from '../support/alerts.ts'
import { type HttpReceiver, startReceiver } from '../support/http-receiver.ts'
import { until } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

const labels = { alertname: 'a', severity: 'error', cluster: 'soca-aero' }
const { signal } = new AbortController()

/** Debian's Alertmanager, which tells a web server of ours; gives its address. */
async function startAlertmanager(told: HttpReceiver): Promise<string> {
  const folder = tempDir()
  const config = join(folder, 'alertmanager.yml')
  writeFileSync(
    config,
    `route: { receiver: hook, group_by: [alertname], group_wait: 1s, group_interval: 1s }
receivers: [{ name: hook, webhook_configs: [{ url: '${told.url}/hook' }] }]
`,
  )
  const address = `127.0.0.1:${await freePort()}`
  const args = ['--config.file', config, '--storage.path', join(folder, 'data'), '--cluster.listen-address=']
  const process = spawn('prometheus-alertmanager', [...args, `--web.listen-address=${address}`], {
    stdio: 'ignore',
  })
  onTestFinished(() => {
    process.kill('SIGKILL')
  })
  const url = `http://${address}`
  await until('Alertmanager is ready', async () => {
    const response = await fetch(`${url}/-/ready`).catch(() => undefined)
    return response?.ok === true
  })
  return url
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

type Payload = { status: string; alerts: Record<string, unknown>[]; [key: string]: unknown }
const payloads = (receiver: HttpReceiver) => receiver.received.map(({ body }) => JSON.parse(body) as Payload)

it('an Alertmanager takes our alerts and their end, and what it tells has the form of what we tell', async () => {
  const told = await startReceiver()
  onTestFinished(() => told.close())
  const url = await startAlertmanager(told)
  const since = Date.now() - 60_000
  const firing = someAlert(labels, 'firing', since)
  const message = { ...someMessage([firing]), created_ms: Date.now() }
  const [manager] = alertingOf(
    `receivers: [{ name: am, type: alertmanager, url: '${url}' }]\nroute: { receiver: am }\n`,
  ).receivers
  const [hook] = alertingOf(
    `receivers: [{ name: hook, type: webhook, url: '${told.url}/ours' }]\nroute: { receiver: hook }\n`,
  ).receivers
  if (manager === undefined || hook === undefined) throw new Error('no receiver')
  expect(await deliver(message, manager, { env: {}, signal })).toEqual({ kind: 'delivered' })

  // Sent again it is the same alert, by the fingerprint that we give it, too.
  await deliver(message, manager, { env: {}, signal })
  const alerts = (await (await fetch(`${url}/api/v2/alerts`)).json()) as {
    fingerprint: string
    labels: object
  }[]
  expect(alerts.map((alert) => [alert.fingerprint, alert.labels])).toEqual([[firing.fingerprint, labels]])

  await until('it is told', () => told.received.length > 0)
  await deliver(message, hook, { env: {}, signal })
  const [theirs, ours] = payloads(told)
  expect(Object.keys(ours ?? {}).sort()).toEqual(Object.keys(theirs ?? {}).sort())
  expect(Object.keys(ours?.alerts[0] ?? {}).sort()).toEqual(Object.keys(theirs?.alerts[0] ?? {}).sort())
  for (const key of [
    'status',
    'version',
    'groupLabels',
    'commonLabels',
    'commonAnnotations',
    'truncatedAlerts',
  ]) {
    expect([key, ours?.[key]]).toEqual([key, theirs?.[key]])
  }
  const over = someAlert(labels, 'resolved', since, Date.now())
  await deliver({ ...someMessage([], [over]), created_ms: Date.now() }, manager, { env: {}, signal })
  await until('its end is told', () => payloads(told).some(({ status }) => status === 'resolved'))
})

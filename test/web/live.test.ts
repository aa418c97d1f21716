import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/program.ts'
import { ALB_LOG, READY, SERVER_LOG } from '../support/sample-cluster.ts'
import { type SampleService, startSampleService } from '../support/sample-service.ts'
import { EventReader, type Sent } from '../support/sse.ts'

const OWN_LOG =
  '/apps/edh/edh-green/shared/logs/bootstrap/dcv_node/omar/Viz7/5b0d3c1e-77a4-4c09-8a52-8f1f3c2b9d10/c7f4a2d8-1e35-4b6f-9f0a-2d6e8b1c4a57/ip-10-8-3-44/03_setup_post_reboot.log'

let service: SampleService
const readers: EventReader[] = []

beforeAll(async () => {
  service = await startSampleService()
})
afterAll(async () => {
  for (const reader of readers) reader.close()
  await service.close()
})

async function listen(query = '', lastId?: string): Promise<EventReader> {
  const reader = await EventReader.open(`${service.url}/api/v1/live${query}`, lastId)
  readers.push(reader)
  return reader
}

let seconds = 0
/** Lines of the DCV server; the clock of the log goes on by itself. */
function lines(count: number, text: string, level = 'INFO'): string {
  const made = Array.from({ length: count }, (_, index) => {
    const time = new Date(Date.UTC(2026, 1, 10, 9) + seconds++ * 1000)
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ')
    return `${time},000001 [  2201:2201  ] ${level.padEnd(5)} main - ${text} ${index}\n`
  })
  return made.join('')
}

async function write(text: string, path = SERVER_LOG): Promise<void> {
  const before = service.stored()
  appendFileSync(join(service.root, path), text)
  await until('it is stored', () => service.stored() >= before + Buffer.byteLength(text))
}

const messages = (sent: readonly Sent[]) => sent.map(({ data }) => data['message'])
const numbered = (count: number, text: string) => Array.from({ length: count }, (_, n) => `${text} ${n}`)

describe('a reader', () => {
  it('is told each stored line once, in order, as search shows it', async () => {
    const reader = await listen()
    await write(lines(30, 'first'))
    await write(lines(30, 'second'))
    const sent = await reader.take(60, 'line')
    expect(messages(sent)).toEqual([...numbered(30, 'first'), ...numbered(30, 'second')])
    expect(new Set(sent.map(({ id }) => id)).size).toBe(60)
    const found = await fetch(`${service.url}/api/v1/search?text=first%2029`)
    expect(sent[29]?.data).toEqual(((await found.json()) as { items: unknown[] }).items[0])
  })

  it('that comes again goes on where it was', async () => {
    const reader = await listen()
    await write(lines(20, 'before'))
    const had = await reader.take(7, 'line')
    reader.close()
    await write(lines(5, 'between'))
    const again = await listen('', had.at(-1)?.id)
    await write(lines(5, 'behind'))
    expect(messages(await again.take(23, 'line'))).toEqual([
      ...numbered(20, 'before').slice(7),
      ...numbered(5, 'between'),
      ...numbered(5, 'behind'),
    ])
  })

  it('that had something of another run is told how much it missed', async () => {
    const again = await listen('', '20260101T000000000Z-abcdef-000000/3')
    const [gap] = await again.take(1, 'gap')
    const status = (await (await fetch(`${service.url}/api/v1/status`)).json()) as { lines: number }
    expect(gap?.data).toEqual({ skipped: status.lines })
    await write(lines(1, 'then'))
    expect(messages(await again.take(1, 'line'))).toEqual(['then 0'])
  })

  it('of a part is told that part', async () => {
    const bySource = await listen('?source=alb-manager')
    const byText = await listen(`?text=${encodeURIComponent("'%_[x]")}`)
    const bySeverity = await listen('?severity=error')
    const byDesktop = await listen(`?session=${READY}`)
    await write(lines(3, 'plain'))
    await write(lines(1, "odd '%_[x] text"))
    await write(
      `2026-02-10 09:30:00,000001 [  2201:2201  ] WARN  frontend-handler - Invalid connection request from client '10.8.0.14:2098': unknown session 'gone'\n`,
    )
    await write('Detected Default Target Group\n', ALB_LOG)
    expect(messages(await byText.take(1, 'line'))).toEqual(["odd '%_[x] text 0"])
    expect(messages(await bySource.take(1, 'line'))).toEqual(['Detected Default Target Group'])
    const [failure] = await bySeverity.take(1, 'line')
    expect(failure?.data).toMatchObject({ rule_id: 'dcv-unknown-session', severity: 'error' })
    await write('[2026-02-10 09:31:00,040] [INFO] own line\n', OWN_LOG)
    expect(messages(await byDesktop.take(1, 'line'))).toEqual([expect.stringContaining('own line')])
  })

  it('with an id that is no id begins with what comes', async () => {
    const reader = await listen('', '../../x')
    await write(lines(1, 'from here'))
    expect(messages(await reader.take(1, 'line'))).toEqual(['from here 0'])
  })

  it('is told of desktops that are new or stand otherwise than before', async () => {
    const reader = await listen()
    const told = reader.take(1, 'session')
    let isTold = false
    void told.then(() => {
      isTold = true
    })
    // What is there at the first look is what later ones are compared with: one of several is behind it.
    for (let desktop = 0; !isTold; desktop++) {
      const path = OWN_LOG.replace('omar/Viz7', `omar/New${desktop}`).replace(
        'ip-10-8-3-44',
        `ip-10-0-7-${desktop}`,
      )
      mkdirSync(dirname(join(service.root, path)), { recursive: true })
      await write('[2026-02-10 09:32:00,040] [INFO] Bootstrap Sequence Completed: Node Ready\n', path)
      await Promise.race([told, sleep(1000)])
    }
    const [change] = await told
    expect(change?.data).toEqual({ session: expect.stringMatching(/^omar\/New\d+$/), status: 'ready' })
    expect(change?.id).toBe('')
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf, failUnexplained, type Item } from '../support/asked-api.ts'
import { type SampleService, startSampleService } from '../support/sample-service.ts'

let service: SampleService
const { ask, items } = apiOf(() => service)

beforeAll(async () => {
  service = await startSampleService()
  await failUnexplained(service)
})
afterAll(() => service.close())

describe('trends', () => {
  it('are of failures, here and in the overview; notes are had by asking', async () => {
    const failures = await items('trends?from=5000w')
    const { body } = await ask('overview?from=5000w')
    const sum = (rows: Item[]) => rows.reduce((total, { count }) => total + Number(count), 0)
    expect(sum(failures)).toBe(sum(body['trend'] as Item[]))
    expect(failures.filter(({ severity }) => severity === 'info')).toEqual([])
    expect(sum(await items('trends?from=5000w&severity=info'))).toBeGreaterThan(sum(failures))
  })

  it('are exported up to a limit, as all other answers', async () => {
    const response = await fetch(`${service.url}/api/v1/export/trends?bucket=1m&limit=2`)
    expect([response.status, (await response.text()).trim().split('\n').length]).toEqual([200, 2])
  })

  it('may be asked for up to the last time there is', async () => {
    expect(await items('trends?from=9999-12-31T23:59:59Z')).toEqual([])
  })

  it('of minutes count what those of days do', async () => {
    const sum = (rows: Item[]) => rows.reduce((total, { count }) => total + Number(count), 0)
    const minutes = await items('trends?bucket=1m')
    expect(sum(minutes)).toBe(sum(await items('trends?bucket=1d')))
    expect(minutes.map(({ bucket }) => bucket)).toContain('2026-02-10T08:16:00Z')
  })
})

describe('the overview', () => {
  it('counts desktops, names the failing, and tells of the collector', async () => {
    const { status, body } = await ask('overview?from=5000w')
    const counts = Object.values(body['sessions'] as Record<string, number>)
    expect([status, counts.reduce((sum, count) => sum + count, 0)]).toEqual([200, 2])
    const failing = (await items('sessions')).filter(
      ({ status }) => status === 'failed' || status === 'stalled',
    )
    expect(body['failing']).toHaveLength(failing.length)
    expect(body['collector']).toMatchObject({ store: 'storing', pending_bytes: 0, not_read: 0 })
    expect(body['trend']).not.toEqual([])
  })

  it('of a time without lines is empty', async () => {
    const { body } = await ask('overview?from=2h')
    expect(body).toMatchObject({ sessions: {}, failing: [], trend: [], common: [] })
  })
})

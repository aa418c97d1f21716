import { z } from 'zod'
import { askOverview, OVERVIEW } from '../../triage/overview.ts'
import type { App } from '../app.ts'
import { PROBLEM } from '../problem.ts'
import { libraryOf, type Service } from '../service.ts'
import { AlertShape, SessionShape, SignatureShape, TrendShape } from '../shapes.ts'
import type { StoreGauge } from '../store-gauge.ts'

const MOST_ALERTS = 10
const count = z.number().min(0)
const OverviewShape = z
  .object({
    sessions: z.record(z.string(), count).describe('by status'),
    failing: z.array(SessionShape).describe('at most 20, the worst first'),
    trend: z.array(TrendShape),
    new_signatures: z.array(SignatureShape).describe('at most 10, new or back again'),
    alerts: z.array(AlertShape).describe('at most 10 that are firing'),
    common: z
      .array(
        z.object({
          key: z.enum(['profile', 'os', 'cluster', 'owner', 'host', 'rule']),
          value: z.string(),
          failed: count,
          of: count,
          lift: z.number().describe('how many times as often desktops with it fail as all do'),
        }),
      )
      .describe('what failed desktops have in common'),
    collector: z.object({
      lines: count,
      batches: count,
      last_batch_at: z.iso.datetime().optional(),
      store: z.enum(['storing', 'retrying']),
      pending_bytes: count,
      not_read: count,
      losses: z.record(z.string(), count).optional(),
    }),
  })
  .meta({ id: 'Overview' })

/** How the cluster stands, at one glance. */
export function addOverview(app: App, service: Service, gauge: StoreGauge): void {
  const schema = {
    ...{ operationId: 'overview', tags: ['desktops'], summary: 'How the cluster stands, at one glance' },
    querystring: OVERVIEW,
    response: { 200: OverviewShape, default: PROBLEM },
  }
  app.get('/api/v1/overview', { schema }, async ({ query }) => {
    const { lines, batches, last_batch_at, store, pending_bytes, not_read } = service.status()
    const told = await askOverview(query, libraryOf(service))
    const losses = (await gauge.now())?.losses
    return {
      ...told,
      alerts: service.alerts.alerts('firing').slice(0, MOST_ALERTS),
      collector: {
        ...{ lines, batches, store, pending_bytes, not_read: not_read.count },
        ...(last_batch_at === undefined ? {} : { last_batch_at }),
        ...(losses === undefined ? {} : { losses }),
      },
    }
  })
}

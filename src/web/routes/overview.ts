import { z } from 'zod'
import { isHeldBack } from '../../triage/alerts/held-back.ts'
import { FACTOR_KEYS } from '../../triage/common-factors.ts'
import { STATUSES } from '../../triage/diagnosis/status.ts'
import { askOverview, OVERVIEW } from '../../triage/overview.ts'
import { withTimes } from '../../triage/parameters.ts'
import type { App } from '../app.ts'
import { FindingShape } from '../diagnosis-shapes.ts'
import { NotReadShape } from '../page-shape.ts'
import { PROBLEM } from '../problem.ts'
import { libraryOf, type Service } from '../service.ts'
import { AlertShape, SessionShape, SignatureShape, TrendShape } from '../shapes.ts'
import type { StoreGauge } from '../store-gauge.ts'

const MOST_ALERTS = 10
const count = z.number().min(0)
const FactorShape = z.object({
  key: z.enum(FACTOR_KEYS),
  value: z.string(),
  failed: count,
  of: count,
  lift: z.number().describe('how many times as often desktops with it fail as all that are compared'),
})
const OverviewShape = z
  .object({
    sessions: z.record(z.string(), count).describe('by status'),
    pending: count.describe(
      'desktops that are not diagnosed yet, as after a start: they are in none of the counts; ask again',
    ),
    failing: z
      .array(SessionShape)
      .describe('at most 20: first those that stalled not long ago and can still be saved, then the worst'),
    trend: z.array(TrendShape),
    new_signatures: z.array(SignatureShape).describe('at most 10, new or back again'),
    alerts: z.array(AlertShape).describe('at most 10 that are firing and not held back'),
    common: z.array(FactorShape).describe('what failed desktops have in common'),
    causes: z
      .array(
        z.object({
          ...{ rule_id: z.string(), title: z.string(), phase: z.string(), desktops: count },
          sessions: z.array(z.string()).describe('at most 20 of them'),
          common: z.array(FactorShape).describe('compared with ready desktops, which `of` counts as well'),
        }),
      )
      .describe('at most 10 root causes, those of most desktops first, and what their desktops share'),
    findings: z
      .array(
        FindingShape.extend({
          cluster: z.string(),
          session: z.string().optional(),
          host: z.string().optional(),
        }),
      )
      .describe('at most 20 things that keep happening on a desktop or in its cluster'),
    disagreements: z
      .array(
        z.object({
          ...{ session: z.string(), cluster: z.string(), status: z.enum(STATUSES) },
          portal_state: z.string().describe("'' if its database has no row of it"),
          text: z.string().describe('in which way, and why that may be'),
        }),
      )
      .describe('at most 20 desktops of which the portal says something else than their logs'),
    portal_not_read: z.array(NotReadShape).describe('databases of portals that could not be read'),
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

/** The state of the cluster at a glance. */
export function addOverview(app: App, service: Service, gauge: StoreGauge): void {
  const schema = {
    ...{ operationId: 'overview', tags: ['desktops'], summary: 'The state of the cluster at a glance' },
    querystring: OVERVIEW,
    response: { 200: OverviewShape, default: PROBLEM },
  }
  app.get('/api/v1/overview', { schema }, async ({ query }) => {
    const { lines, batches, last_batch_at, store, pending_bytes, not_read } = service.status()
    const library = libraryOf(service)
    withTimes(query, library.nowMs)
    const told = await askOverview(query, library)
    const losses = (await gauge.now())?.losses
    return {
      ...told,
      alerts: service.alerts
        .alerts('firing')
        .filter((alert) => !isHeldBack(alert))
        .slice(0, MOST_ALERTS),
      collector: {
        ...{ lines, batches, store, pending_bytes, not_read: not_read.count },
        ...(last_batch_at === undefined ? {} : { last_batch_at }),
        ...(losses === undefined ? {} : { losses }),
      },
    }
  })
}

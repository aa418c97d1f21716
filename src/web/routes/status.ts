import { z } from 'zod'
import { notReadOf } from '../../triage/portal/portal-session.ts'
import type { App } from '../app.ts'
import { NotReadShape } from '../page-shape.ts'
import { PROBLEM } from '../problem.ts'
import type { Service } from '../service.ts'
import type { StoreGauge } from '../store-gauge.ts'

const count = z.number().min(0)
const faults = z.array(z.string()).describe('why changed files are refused; the previous set stays in force')
const StatusShape = z
  .object({
    version: z.string(),
    started_at: z.iso.datetime(),
    node: z.string(),
    rules: z.object({ version: z.string(), count, faults }),
    alerts: z
      .object({ rules: count, receivers: count, faults })
      .describe('alert rules in force, and receivers'),
    files: z.object({
      ...{ known: count, hot: count, backlog: count },
      lag_bytes: count.describe('not read yet, of all files'),
      lag_seconds: count.describe('how long the file that is furthest behind has had unread bytes'),
      behind: z
        .array(z.object({ path: z.string(), bytes: count, seconds: count }))
        .describe('at most 20 files that are not read to their ends, longest first'),
    }),
    disk: z
      .object({ path: z.string(), free_bytes: count, total_bytes: count })
      .describe('of the data directory'),
    lines: count.describe('stored since the start'),
    batches: count,
    last_batch_at: z.iso.datetime().optional(),
    store: z.enum(['storing', 'retrying']),
    pending_bytes: count.describe('bytes in the journal that wait for the store'),
    store_rows: z
      .object({ lines: count, events: count })
      .optional()
      .describe('absent while the store does not answer'),
    store_size: z
      .object({
        kind: z.enum(['embedded', 'server']),
        tables: z.array(z.object({ table: z.string(), rows: count, bytes: count })),
      })
      .optional()
      .describe(
        'rows and bytes on disk of each table, the largest first; of a cluster, those of the server that is asked',
      ),
    losses: z.record(z.string(), count).optional().describe('by reason'),
    held_up: z
      .array(z.string())
      .describe('why rules about several events store nothing now; empty if nothing holds them up'),
    not_read: z.object({
      count,
      items: z.array(z.object({ path: z.string(), reason: z.string(), detail: z.string() })),
    }),
    portal: z
      .object({
        clusters: z.array(z.string()).describe('whose databases are there'),
        desktops: count,
        not_read: z.array(NotReadShape).describe('databases that could not be read'),
      })
      .describe('the databases of portals'),
    notices: z
      .object({ waiting: count, delivered: count, given_up: count, reason: z.string().optional() })
      .describe('of alerts, to receivers'),
  })
  .meta({ id: 'Status' })

/** The state of the service; answered even while the store is away. */
export function addStatus(app: App, service: Service, gauge: StoreGauge): void {
  const schema = {
    ...{ operationId: 'status', tags: ['service'], summary: 'How the service is doing' },
    querystring: z.strictObject({}),
    response: { 200: StatusShape, default: PROBLEM },
  }
  app.get('/api/v1/status', { schema }, async () => {
    const known = service.knowledge()
    const { rules, correlations, version } = known.rules
    const [level, portal] = await Promise.all([gauge.now(), known.portal()])
    const sets = service.sets()
    return {
      version: service.version,
      node: process.version,
      rules: { version, count: rules.length + correlations.length, ...sets.rules },
      alerts: sets.alerts,
      ...service.status(),
      portal: {
        clusters: Object.keys(portal.isWhole),
        desktops: portal.sessions.length,
        not_read: notReadOf(portal),
      },
      notices: service.alerts.delivery(),
      ...(level === undefined
        ? {}
        : { store_rows: level.rows, store_size: level.size, losses: level.losses }),
    }
  })
}

import type { App } from '../app.ts'
import { createMetrics, type Metrics } from '../metrics.ts'
import type { Service } from '../service.ts'
import type { StoreGauge } from '../store-gauge.ts'

/** `/metrics` for Prometheus: the write path, the store, and the duration of answers. */
export function addMetrics(app: App, service: Service, gauge: StoreGauge): void {
  const metrics = createMetrics()
  tellService(metrics, service)
  tellStore(metrics, gauge)
  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    const route = routeOptions.url ?? 'none'
    // The duration of a live stream says nothing about answers.
    if (route === '/api/v1/live') return
    metrics.answered(route, method, reply.statusCode, reply.elapsedTime / 1000)
  })
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  )
}

function tellService(metrics: Metrics, { version, status }: Service): void {
  const gauge = (name: string, help: string, value: () => number) =>
    metrics.read('gauge', name, help, () => [{ value: value() }])
  metrics.read('gauge', 'build_info', 'Version of the program', () => [
    { labels: { version, node: process.version }, value: 1 },
  ])
  metrics.read('counter', 'stored_lines_total', 'Lines stored since the start', () => [
    { value: status().lines },
  ])
  metrics.read('counter', 'stored_batches_total', 'Batches stored since the start', () => [
    { value: status().batches },
  ])
  metrics.read('gauge', 'last_batch_timestamp_seconds', 'When the last batch was stored', () => {
    const { last_batch_at } = status()
    return last_batch_at === undefined ? [] : [{ value: Date.parse(last_batch_at) / 1000 }]
  })
  gauge('journal_pending_bytes', 'Bytes in the journal that wait for the store', () => status().pending_bytes)
  gauge('store_storing', 'Does the store take batches (1), or are they tried again (0)', () =>
    status().store === 'storing' ? 1 : 0,
  )
  metrics.read('gauge', 'files', 'Files, by what they are at', () => {
    const { known, hot, backlog } = status().files
    return Object.entries({ known, hot, backlog }).map(([state, value]) => ({ labels: { state }, value }))
  })
  gauge('lag_bytes', 'Bytes of all files that are not read yet', () => status().files.lag_bytes)
  gauge(
    'lag_seconds',
    'For how long the file that is furthest behind was not read to its end',
    () => status().files.lag_seconds,
  )
  gauge('disk_free_bytes', 'Room on the disk of the data directory', () => status().disk.free_bytes)
  gauge('not_read_files', 'Files that cannot be read', () => status().not_read.count)
}

function tellStore(metrics: Metrics, gauge: StoreGauge): void {
  metrics.read('gauge', 'store_up', 'Does the store answer', async () => [
    { value: (await gauge.now()) === undefined ? 0 : 1 },
  ])
  metrics.read('gauge', 'store_rows', 'Rows in the store', async () =>
    Object.entries((await gauge.now())?.rows ?? {}).map(([table, value]) => ({ labels: { table }, value })),
  )
  metrics.read('gauge', 'store_bytes', 'Bytes on disk of the store', async () =>
    ((await gauge.now())?.size.tables ?? []).map(({ table, bytes }) => ({ labels: { table }, value: bytes })),
  )
  metrics.read('gauge', 'losses', 'Entries of the loss ledger, by reason', async () =>
    Object.entries((await gauge.now())?.losses ?? {}).map(([reason, value]) => ({
      labels: { reason },
      value,
    })),
  )
}

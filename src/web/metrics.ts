import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** A value that is read on request; with labels, one for each combination. */
type Reading = { readonly labels?: Readonly<Record<string, string>>; readonly value: number }

export type Metrics = {
  readonly contentType: string
  /** A gauge or counter whose value is kept elsewhere. */
  read(
    kind: 'gauge' | 'counter',
    name: string,
    help: string,
    read: () => Promise<Reading[]> | Reading[],
  ): void
  /** Counts an answered request. */
  answered(route: string, method: string, status: number, seconds: number): void
  text(): Promise<string>
}

const PREFIX = 'dcvlens_'
const SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60]

/** Metrics of this program in the Prometheus format; the only door to prom-client. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: PREFIX })
  const requests = new Histogram({
    name: `${PREFIX}http_request_duration_seconds`,
    help: 'How long requests took',
    labelNames: ['route', 'method', 'status'],
    buckets: SECONDS,
    registers: [registry],
  })
  return {
    contentType: registry.contentType,
    read(kind, name, help, read) {
      const options = { name: `${PREFIX}${name}`, help, labelNames: LABELS, registers: [registry] }
      if (kind === 'gauge')
        new Gauge({
          ...options,
          async collect() {
            this.reset()
            for (const { labels = {}, value } of await read()) this.set({ ...labels }, value)
          },
        })
      else
        new Counter({
          ...options,
          async collect() {
            this.reset()
            for (const { labels = {}, value } of await read()) this.inc({ ...labels }, value)
          },
        })
    },
    answered: (route, method, status, seconds) =>
      requests.observe({ route, method, status: String(status) }, seconds),
    text: () => registry.metrics(),
  }
}

const LABELS = ['state', 'reason', 'table', 'version', 'node']

import { errorCode, OpsError } from '../errors.ts'
import { DiagnosisCache } from '../triage/sessions/diagnosis-cache.ts'
import { type App, newApp, type Reply, type Request } from './app.ts'
import { askedStore } from './asked-store.ts'
import { type Access, createGate } from './gate.ts'
import { type Methods, noteMethods } from './methods.ts'
import { addPage } from './page.ts'
import { refusal, sendError, sendProblem } from './problem.ts'
import { addAlertTest } from './routes/alert-test.ts'
import { addAlerts } from './routes/alerts.ts'
import { addCompare } from './routes/compare.ts'
import { addDocs } from './routes/docs.ts'
import { addExport } from './routes/export.ts'
import { addLive } from './routes/live.ts'
import { addMetrics } from './routes/metrics.ts'
import { addOverview } from './routes/overview.ts'
import { addQuestions } from './routes/questions.ts'
import { addRuleHistory } from './routes/rule-history.ts'
import { addRules } from './routes/rules.ts'
import { addSignatures } from './routes/signatures.ts'
import { addStatus } from './routes/status.ts'
import { isLoopback, LOOPBACK_HOSTS, secure } from './security.ts'
import type { Service } from './service.ts'
import { StoreGauge } from './store-gauge.ts'

export type ServerOptions = Service & {
  readonly host: string
  readonly port: number
  /** Who may ask; undefined for everybody on this machine. */
  readonly access: Access | undefined
  /** Names of the service, besides those by which this machine reaches itself. */
  readonly publicHosts: readonly string[]
  /** Where the built page is. */
  readonly pageFolder: string
}

export type WebServer = { readonly url: string; close(): Promise<void> }

/** Serves API and page. Answers are the same as those of the commands with `--json`. */
export async function startServer(given: ServerOptions): Promise<WebServer> {
  const options = { diagnosisCache: new DiagnosisCache(), ...given, store: askedStore(given.store) }
  const app = await newApp(options.version)
  const stop = new AbortController()
  app.setErrorHandler((error, _request, reply) => sendError(reply, error, options.log))
  secure(app, { hosts: hostsOf(options), gate: options.access && createGate(options.access, options) })
  const methods = noteMethods(app)
  const gauge = new StoreGauge(options)
  addMetrics(app, options, gauge)
  addQuestions(app, options)
  addCompare(app, options)
  addOverview(app, options, gauge)
  addStatus(app, options, gauge)
  addSignatures(app, options)
  addAlerts(app, options)
  addAlertTest(app, options)
  addRules(app, options)
  addRuleHistory(app, options)
  addLive(app, options, stop.signal)
  addExport(app, options)
  addDocs(app)
  const page = await addPage(app, options.pageFolder)
  app.setNotFoundHandler((request, reply) =>
    page.wants(request) ? page.send(reply) : nothingHere(request, reply, methods),
  )
  await listen(app, options)
  return {
    url: urlOf(app),
    close: async () => {
      stop.abort()
      await options.diagnosisCache.close()
      await app.close()
    },
  }
}

/** Any name is accepted if everybody has to log in, since a page of another site cannot. */
function hostsOf({ host, publicHosts }: ServerOptions): ReadonlySet<string> | undefined {
  if (!isLoopback(host)) return undefined
  return new Set([...LOOPBACK_HOSTS, ...publicHosts.map((name) => name.toLowerCase())])
}

function nothingHere({ method, url }: Request, reply: Reply, methods: Methods): Reply {
  const path = url.split('?')[0] ?? ''
  const allowed = methods.of(path)
  if (allowed.length === 0) {
    const hint = '/api/docs shows what is.'
    return sendProblem(reply, refusal('E_NOT_FOUND', `${method} ${path} is not here`, hint))
  }
  const others = allowed.join(', ')
  reply.header('allow', others)
  return sendProblem(reply, refusal('E_METHOD', `${path} does not take ${method}`, `It takes ${others}.`))
}

/** The address of the service on this machine. */
function urlOf(app: App): string {
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('no address')
  if (address.address === '0.0.0.0') return `http://127.0.0.1:${address.port}`
  if (address.address === '::') return `http://[::1]:${address.port}`
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}

const OTHER_ADDRESS = 'Name an address of this machine with --host, or 0.0.0.0 for all of them.'
const NO_LISTENING: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  EADDRINUSE: ['another program has it', 'Choose another port with --port.'],
  EADDRNOTAVAIL: ['this machine has no such address', OTHER_ADDRESS],
  ENOTFOUND: ['nobody knows this name', OTHER_ADDRESS],
  EAI_AGAIN: ['nobody knows this name', OTHER_ADDRESS],
  EACCES: ['this user may not', 'Choose a port from 1024 on with --port.'],
}

async function listen(app: App, { host, port }: ServerOptions): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    const code = errorCode(cause)
    const [why, hint] = NO_LISTENING[code] ?? [code, 'Choose another port with --port.']
    throw new OpsError('E_LISTEN', `cannot listen on ${host}:${port} (${why})`, hint, { cause })
  }
}

import type { Config } from '../config.ts'
import { errorText } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/client.ts'
import { askContextOf, askDiagnosis } from '../triage/diagnosis/ask-diagnosis.ts'
import { askHeaders } from '../triage/probe/ask-headers.ts'
import { Prober, type Probes } from '../triage/probe/prober.ts'
import type { Io } from './io.ts'
import type { Knowledge } from './knowledge.ts'

/** The scheduled probes of desktop addresses, until they are stopped. */
export type ProbeSchedule = { readonly probes: Probes; stop(): Promise<void> }

export type ProbeScheduleOptions = {
  readonly config: Config
  readonly now: () => Knowledge
  /** A connection for questions only. */
  readonly store: Store
  readonly io: Io
  readonly log: Log
}

/** Starts to probe the addresses of desktops if the configuration asks for it. */
export function scheduleProbes({ config, now, store, io, log }: ProbeScheduleOptions): ProbeSchedule {
  if (config.probe === undefined) return { probes: new Map(), stop: async () => {} }
  const { loadBalancer, everyMinutes } = config.probe
  const stop = new AbortController()
  const prober: Prober = new Prober({
    loadBalancer: new URL(loadBalancer).origin,
    everyMs: everyMinutes * 60_000,
    clock: io.clock,
    signal: stop.signal,
    ask: askHeaders,
    desktops: () => {
      const { generations } = now().layouts
      const context = { ...now(), generations, nowMs: io.clock.nowMs(), probes: prober.probes }
      return askDiagnosis({}, store, askContextOf(context))
    },
    onTrouble: (error) => log.warn({ reason: errorText(error) }, 'the addresses of desktops are asked later'),
  })
  const ended = prober.run()
  return {
    probes: prober.probes,
    stop: () => {
      stop.abort()
      return ended
    },
  }
}

import type { EventJson } from '../../../event-json.ts'
import { grouped } from '../../grouped.ts'
import { type FileFacts, isShared, isTimed, lastLineOf, logKey, type Story } from '../story.ts'

/** The time of an answer from AWS, in its headers as Python prints them. */
const ANSWERED = /'date': '([A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT)'/

/** Logs of the portal. */
const PORTAL = new Set(['web-ui', 'uwsgi'])

/** How often cron starts the ALB manager. */
const RUN_MS = 3 * 60_000

/** What the machines serving all desktops of a cluster wrote, indexed once for all desktops of a story. */
export class SharedLogs {
  /** When the last line of the whole story was written. */
  readonly lastLine: string
  readonly #files: readonly FileFacts[]
  readonly #events: ReadonlyMap<string, readonly EventJson[]>
  readonly #known = new Map<string, unknown>()

  constructor({ files, events }: Story) {
    this.lastLine = lastLineOf(files)
    this.#files = files.filter(({ source }) => isShared(source))
    this.#events = grouped(
      events.filter(({ source }) => isShared(source)),
      logKey,
    )
  }

  /** Kinds of logs that were read around a cluster; if a cluster is unknown, those of all. */
  sourcesAround(cluster: string): ReadonlySet<string> {
    return this.#once(`around ${cluster}`, () => {
      const isAround = (of: string) => cluster === '' || of === '' || of === cluster
      return new Set(this.#files.filter((file) => isAround(file.cluster)).map(({ source }) => source))
    })
  }

  /** Logs of one kind of a cluster. */
  logsOf(source: string, cluster: string): readonly FileFacts[] {
    return this.#once(`logs ${source} ${cluster}`, () =>
      this.#files.filter((file) => file.source === source && file.cluster === cluster),
    )
  }

  /** The last failure of the ALB manager, in its log or in the mail of cron, if no run completed after it. */
  balancerFailure(cluster: string): EventJson | undefined {
    return this.#once(`failure ${cluster}`, () => {
      const written = [
        ...this.logsOf('alb-manager', cluster).flatMap((log) => this.#eventsIn(log)),
        ...this.#mailed,
      ].sort((a, b) => (a.ts === b.ts ? a.offset - b.offset : a.ts < b.ts ? -1 : 1))
      const ended = written.findLastIndex(({ rule_id }) => rule_id === 'milestone-alb-run-done')
      return written
        .slice(ended + 1)
        .findLast(
          ({ kind, severity }) => kind !== 'milestone' && (severity === 'error' || severity === 'critical'),
        )
    })
  }

  /** What failed in the portal of a cluster, oldest first; only records with a time of their own. */
  portalFailures(cluster: string): readonly EventJson[] {
    return this.#once(`portal ${cluster}`, () =>
      this.#files
        .filter((file) => PORTAL.has(file.source) && (file.cluster === cluster || file.cluster === ''))
        .flatMap((log) => this.#eventsIn(log))
        .filter(
          ({ kind, severity }) => kind === 'signature' && (severity === 'error' || severity === 'critical'),
        )
        .filter(isTimed)
        .sort((a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : a.offset - b.offset)),
    )
  }

  /** Events in mail that cron sent about the ALB manager. Such mail names no cluster, so it is ignored if there are several. */
  get #mailed(): readonly EventJson[] {
    return this.#once('mailed', () => {
      const clusters = new Set(this.#files.flatMap(({ cluster }) => cluster || []))
      const mail = clusters.size > 1 ? [] : this.#files.filter(({ source }) => source === 'cron-mail')
      return mail.flatMap((log) => this.#eventsIn(log)).filter(({ phase }) => phase === 'load-balancer')
    })
  }

  /**
   * Did the last run in a log of the ALB manager never end, was the log last written before `beforeMs`, and is `begin` part of
   * that run?
   */
  isLeftOpen(log: FileFacts, beforeMs: number, begin: EventJson | undefined): boolean {
    const events = this.#eventsIn(log)
    const lastOf = (id: string) => events.findLastIndex(({ rule_id }) => rule_id === id)
    const lastDone = lastOf('milestone-alb-run-done')
    const isOpen = lastOf('milestone-alb-run-begin') > lastDone
    const isPart = events.findIndex((event) => event.event_id === begin?.event_id) > lastDone
    return isOpen && isPart && Date.parse(log.last_ts) < beforeMs
  }

  /** Did the run of the ALB manager that wrote `event` break off, with others begun since, and none that came to its end? */
  brokeOff(log: FileFacts, event: EventJson | undefined): boolean {
    const events = this.#eventsIn(log)
    const at = events.findIndex(({ event_id }) => event_id === event?.event_id)
    const since = at < 0 ? [] : events.slice(at + 1).map(({ rule_id }) => rule_id)
    return since.includes('milestone-alb-run-begin') && !since.includes('milestone-alb-run-done')
  }

  /** The beginning of the last run in a log of the ALB manager, if that run and the one before it never came to their end. */
  brokenOff(log: FileFacts): EventJson | undefined {
    const events = this.#eventsIn(log)
    const lastDone = events.findLastIndex(({ rule_id }) => rule_id === 'milestone-alb-run-done')
    const open = events.slice(lastDone + 1).filter(({ rule_id }) => rule_id === 'milestone-alb-run-begin')
    return open.length < 2 ? undefined : open.at(-1)
  }

  /** Does a log report that hosts were registered? */
  hasTakenIn(log: FileFacts): boolean {
    return this.#once(`taken in ${logKey(log)}`, () =>
      this.#eventsIn(log).some(({ rule_id }) => rule_id === 'milestone-alb-rule-created'),
    )
  }

  /**
   * Does a log of the ALB manager reach back to `time` (ISO 8601)? If its lines have no times, the number of its runs and the
   * answers from AWS tell.
   */
  reachesTo(log: FileFacts, time: string): boolean {
    const { first_ts, last_ts } = log
    if (first_ts !== last_ts) return first_ts <= time
    const events = this.#eventsIn(log)
    const begun = events.filter(({ rule_id }) => rule_id === 'milestone-alb-run-begin')
    // A run that fails right at its start writes only why.
    const broken = events.filter(({ kind, severity }) => kind !== 'milestone' && severity !== 'info')
    const runs = Math.max(begun.length, broken.length)
    const answered = events.flatMap(({ message }) => ANSWERED.exec(message)?.[1] ?? []).map(Date.parse)
    return Math.min(Date.parse(last_ts) - runs * RUN_MS, ...answered) <= Date.parse(time)
  }

  #eventsIn(log: FileFacts): readonly EventJson[] {
    return this.#events.get(logKey(log)) ?? []
  }

  #once<T>(key: string, find: () => T): T {
    if (!this.#known.has(key)) this.#known.set(key, find())
    return this.#known.get(key) as T
  }
}

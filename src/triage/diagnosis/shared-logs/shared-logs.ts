import type { EventJson } from '../../../event-json.ts'
import { grouped } from '../../grouped.ts'
import { type FileFacts, isShared, lastLineOf, type Story } from '../story.ts'

/** When AWS answered, in the headers of its answer as Python prints them. */
const ANSWERED = /'date': '([A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT)'/

/** Cron starts the ALB manager so often. */
const RUN_MS = 3 * 60_000

/** What the machines that serve all desktops of a cluster wrote, put in order once for all the desktops of a story. */
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
      ({ file }) => file,
    )
  }

  /** Kinds of logs that were read around a cluster; all of them where it is not known. */
  sourcesAround(cluster: string): ReadonlySet<string> {
    return this.#once(`around ${cluster}`, () => {
      const isAround = (of: string) => cluster === '' || of === '' || of === cluster
      return new Set(this.#files.filter((file) => isAround(file.cluster)).map(({ source }) => source))
    })
  }

  /** Logs of the ALB manager of a cluster. */
  balancerLogs(cluster: string): readonly FileFacts[] {
    return this.#once(`logs ${cluster}`, () =>
      this.#files.filter((file) => file.source === 'alb-manager' && file.cluster === cluster),
    )
  }

  /** The last failure of the ALB manager, in its log or in what cron mailed, after which no run came to its end. */
  balancerFailure(cluster: string): EventJson | undefined {
    return this.#once(`failure ${cluster}`, () => {
      const told = [
        ...this.balancerLogs(cluster).flatMap(({ file }) => this.#events.get(file) ?? []),
        ...this.#mailed,
      ].sort((a, b) => (a.ts === b.ts ? a.offset - b.offset : a.ts < b.ts ? -1 : 1))
      const ended = told.findLastIndex(({ rule_id }) => rule_id === 'milestone-alb-run-done')
      return told
        .slice(ended + 1)
        .findLast(
          ({ kind, severity }) => kind !== 'milestone' && (severity === 'error' || severity === 'critical'),
        )
    })
  }

  /** What cron mailed of the ALB manager; its mail names no cluster, so that of several clusters it speaks of none. */
  get #mailed(): readonly EventJson[] {
    return this.#once('mailed', () => {
      const clusters = new Set(this.#files.flatMap(({ cluster }) => cluster || []))
      const mail = clusters.size > 1 ? [] : this.#files.filter(({ source }) => source === 'cron-mail')
      return mail
        .flatMap(({ file }) => this.#events.get(file) ?? [])
        .filter(({ phase }) => phase === 'load-balancer')
    })
  }

  /** Was the last run in a log of the ALB manager begun before a time (ms), and has it not ended? */
  isLeftOpen({ file, last_ts }: FileFacts, beforeMs: number): boolean {
    const events = this.#events.get(file) ?? []
    const lastOf = (id: string) => events.findLastIndex(({ rule_id }) => rule_id === id)
    const isOpen = lastOf('milestone-alb-run-begin') > lastOf('milestone-alb-run-done')
    return isOpen && Date.parse(last_ts) < beforeMs
  }

  /** Does a log tell of hosts that were taken in? */
  hasTakenIn({ file }: FileFacts): boolean {
    return this.#once(`taken in ${file}`, () =>
      (this.#events.get(file) ?? []).some(({ rule_id }) => rule_id === 'milestone-alb-rule-created'),
    )
  }

  /** Does a log of the ALB manager reach back to a time (ISO 8601)? Without times its runs and the answers of AWS tell that. */
  reachesTo({ file, first_ts, last_ts }: FileFacts, time: string): boolean {
    if (first_ts !== last_ts) return first_ts <= time
    const events = this.#events.get(file) ?? []
    const begun = events.filter(({ rule_id }) => rule_id === 'milestone-alb-run-begin')
    // A run that cannot even begin says why.
    const broken = events.filter(({ kind, severity }) => kind !== 'milestone' && severity !== 'info')
    const runs = Math.max(begun.length, broken.length)
    const answered = events.flatMap(({ message }) => ANSWERED.exec(message)?.[1] ?? []).map(Date.parse)
    return Math.min(Date.parse(last_ts) - runs * RUN_MS, ...answered) <= Date.parse(time)
  }

  #once<T>(key: string, find: () => T): T {
    if (!this.#known.has(key)) this.#known.set(key, find())
    return this.#known.get(key) as T
  }
}

import { discoverNamed } from '../../collect/discover-named.ts'
import { FilesTally } from '../../collect/files-tally.ts'
import { type Config, loadConfig } from '../../config.ts'
import { Copies } from '../../store/copies.ts'
import type { CoverageJson } from '../../triage/rules/coverage.ts'
import { ask } from '../ask.ts'
import { grouped } from '../counted.ts'
import { filesNote } from '../files-note.ts'
import type { Io } from '../io.ts'
import { type Knowledge, loadKnowledge } from '../knowledge.ts'
import { paint } from '../paint.ts'
import { readPaths } from '../read-paths.ts'
import type { CoverageOptions } from '../rules.ts'
import { silentFolders } from '../silent-folders.ts'
import { throwIfStopped } from '../stopped.ts'
import { type TableColumn, tableText } from '../table.ts'
import { pointInTime } from '../time-option.ts'
import { printRules } from './list.ts'

type Tally = Pick<CoverageJson, 'source' | 'kind' | 'rule_id' | 'severity' | 'count' | 'title' | 'explained'>

/** For one source: records that look like a failure, and how many of them a rule explains. */
type SourceCoverage = { readonly source: string; explained: number; unexplained: number }

const NOISIEST = 10

/** Prints how much of what looks like a failure the rules explain, in files or in the store. */
export async function ruleCoverage(
  paths: readonly string[],
  options: CoverageOptions,
  io: Io,
): Promise<void> {
  const config = loadConfig(options.config, options)
  const knowledge = loadKnowledge(config)
  const tallies =
    paths.length > 0 ? await tallyFiles(paths, config, knowledge, io) : await tallyStore(options, io)
  const fired = new Set(tallies.map(({ rule_id }) => rule_id))
  const silent = knowledge.rules.rules.filter(({ id, kind }) => kind === 'signature' && !fired.has(id))
  if (options.neverFired === true) {
    printRules(silent, options, io)
    return
  }
  const sources = bySource(tallies)
  if (options.json === true) {
    for (const { source, explained, unexplained } of sources) {
      const share = explained / (explained + unexplained)
      io.out(`${JSON.stringify({ source, explained, unexplained, share })}\n`)
    }
    return
  }
  if (sources.length === 0) {
    io.out('Nothing looks like a failure.\n')
    return
  }
  const sum = (key: 'explained' | 'unexplained') =>
    sources.reduce((total, coverage) => total + coverage[key], 0)
  const all = { source: 'all', explained: sum('explained'), unexplained: sum('unexplained') }
  io.out(tableText(COLUMNS, [...sources, all], io))
  io.out(`\n${paint(io, 'bold', 'Noisiest rules')}\n${noisiest(tallies, knowledge, io)}`)
  io.out(`\n${grouped(silent.length)} signatures never fired; \`--never-fired\` lists them\n`)
}

async function tallyFiles(
  paths: readonly string[],
  config: Config,
  knowledge: Knowledge,
  io: Io,
): Promise<Tally[]> {
  const silent = await silentFolders(paths, config, io.clock)
  const named = await discoverNamed(paths, knowledge.layouts, config.root, { silent })
  const tally = new FilesTally()
  const reading = { config, knowledge, tally, io }
  const counts = new Map<string, Tally & { count: number }>()
  const copies = new Copies()
  const general = new Set(knowledge.rules.rules.filter((rule) => rule.general).map(({ id }) => id))
  for await (const { chunk } of readPaths(named, reading)) {
    if (io.signal.aborted) break
    const { source } = chunk.file
    const result = knowledge.interpret(chunk)
    for (const verdict of result.verdicts) {
      if (copies.ofVerdict(result, verdict) !== '') continue
      const { kind, ruleId, severity } = verdict
      const key = `${source} ${kind} ${ruleId}`
      const known = counts.get(key)
      // A general rule names the kind of a failure, but does not explain it.
      const explained = kind !== 'unknown' && !general.has(ruleId)
      if (known === undefined)
        counts.set(key, { source, kind, rule_id: ruleId, severity, explained, count: 1 })
      else known.count++
    }
  }
  throwIfStopped(io, 'everything was read')
  io.err(filesNote(tally))
  return [...counts.values()].sort((a, b) => b.count - a.count)
}

async function tallyStore(options: CoverageOptions, io: Io): Promise<Tally[]> {
  const from = pointInTime('from', options.from, io.clock.nowMs())
  return (await ask('coverage', from === undefined ? {} : { from }, options, io)) as CoverageJson[]
}

/** Counts by source, without milestones and notes, which are no failures. */
function bySource(tallies: readonly Tally[]): SourceCoverage[] {
  const sources = new Map<string, SourceCoverage>()
  for (const { source, kind, severity, explained, count } of tallies) {
    if (kind === 'milestone' || severity === 'info') continue
    const coverage = sources.get(source) ?? { source, explained: 0, unexplained: 0 }
    sources.set(source, coverage)
    if (explained) coverage.explained += count
    else coverage.unexplained += count
  }
  return [...sources.values()].sort((a, b) => b.unexplained - a.unexplained || b.explained - a.explained)
}

const COLUMNS: readonly TableColumn<SourceCoverage>[] = [
  { head: 'SOURCE', cell: ({ source }) => source },
  { head: 'FAILURES', cell: ({ explained, unexplained }) => grouped(explained + unexplained), right: true },
  { head: 'UNEXPLAINED', cell: ({ unexplained }) => grouped(unexplained), right: true },
  {
    head: 'EXPLAINED',
    cell: ({ explained, unexplained }) => `${((100 * explained) / (explained + unexplained)).toFixed(1)} %`,
    right: true,
  },
]

function noisiest(tallies: readonly Tally[], { rules }: Knowledge, io: Io): string {
  const counts = new Map<string, number>()
  for (const { rule_id, kind, count: times } of tallies) {
    if (kind === 'signature') counts.set(rule_id, (counts.get(rule_id) ?? 0) + times)
  }
  // The service may know rules that are not loaded here.
  const told = tallies.flatMap(({ rule_id, title }): [string, string][] =>
    title === undefined ? [] : [[rule_id, title]],
  )
  const titles = new Map([...rules.rules.map(({ id, title }): [string, string] => [id, title]), ...told])
  const rows = [...counts].sort(([, a], [, b]) => b - a).slice(0, NOISIEST)
  return tableText(
    [
      { head: 'EVENTS', cell: ([, times]) => grouped(times), right: true },
      { head: 'RULE', cell: ([id]) => id },
      { head: 'TITLE', cell: ([id]) => titles.get(id) ?? '', least: 16 },
    ],
    rows,
    io,
  )
}

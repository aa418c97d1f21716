import { discoverNamed } from '../collect/discover-named.ts'
import { FilesTally } from '../collect/files-tally.ts'
import { ownOutput } from '../collect/own-output.ts'
import { checkRoot, loadConfig } from '../config.ts'
import type { InterpretedChunk, RowVerdict } from '../model.ts'
import { severityRank } from '../severity.ts'
import { Copies } from '../store/copies.ts'
import { checkBundles } from './broken-bundle.ts'
import { jsonLine, textLine } from './event-line.ts'
import { tellNotRead } from './files-note.ts'
import type { Io } from './io.ts'
import { loadKnowledge } from './knowledge.ts'
import { Progress } from './progress.ts'
import { readPaths } from './read-paths.ts'
import type { ScanOptions } from './scan.ts'
import { ScanFindings } from './scan-findings.ts'
import { ScanReport } from './scan-report.ts'
import { silentFolders } from './silent-folders.ts'
import { throwIfStopped } from './stopped.ts'

/**
 * So many lines are remembered to recognise copies. That is enough, since a line and its copy are in logs of the same
 * desktop, which are read one after the other.
 */
const COPIES_KEPT = 8000

/** Scans and prints; returns the rank of the worst severity, -1 if there was none. */
export async function scan(paths: readonly string[], options: ScanOptions, io: Io): Promise<number> {
  const config = loadConfig(options.config, options)
  checkRoot(config)
  const knowledge = loadKnowledge(config)
  const { layouts } = knowledge
  const named = await discoverNamed(paths, layouts, config.root, {
    isOwn: ownOutput(config.data),
    silent: await silentFolders(paths, config, io.clock),
  })
  const tally = new FilesTally()
  const found = new ScanFindings()
  const copies = new Copies(COPIES_KEPT)
  const progress = new Progress(io, named)
  let worst = -1
  // Templates appear in the JSON only.
  const interpret = options.json === true ? knowledge.interpret : knowledge.asking
  for await (const { chunk } of readPaths(named, { config, knowledge, tally, io })) {
    if (io.signal.aborted) break
    const result = interpret(chunk)
    progress.read(chunk)
    for (const verdict of result.verdicts) worst = Math.max(worst, severityRank(verdict.severity))
    if (options.json === true || options.all === true) await printRows(result, copies, options, io)
    else found.add(result)
  }
  progress.done()
  tellNotRead(tally, io)
  // A stopped scan prints its findings but no totals, which would be taken for those of everything.
  const totals = io.signal.aborted ? undefined : { ...progress.totals, ...tally }
  if (options.json !== true && options.all !== true) {
    new ScanReport(knowledge.rules, found, options.notes === true, io).print(totals)
  }
  throwIfStopped(io, 'everything was read')
  checkBundles(paths, tally)
  return worst
}

/**
 * Prints the events of a chunk, or all its records, in one write; waits while the reader of stdout is slow. In JSON, an event
 * that another file held before is marked.
 */
async function printRows(
  result: InterpretedChunk,
  copies: Copies,
  options: ScanOptions,
  io: Io,
): Promise<void> {
  const text = (row: number, verdict: RowVerdict | undefined) => {
    if (options.json !== true) return textLine(result, row, verdict)
    return jsonLine(result, row, verdict, copies)
  }
  const lines: string[] = []
  if (options.all === true) {
    const byRow = new Map<number, RowVerdict[]>()
    for (const verdict of result.verdicts) {
      byRow.set(verdict.row, [...(byRow.get(verdict.row) ?? []), verdict])
    }
    for (let row = 0; row < result.records.count; row++) {
      for (const verdict of byRow.get(row) ?? [undefined]) lines.push(text(row, verdict))
    }
  } else {
    for (const verdict of result.verdicts) lines.push(text(verdict.row, verdict))
  }
  if (lines.length > 0) io.out(lines.join(''))
  await io.drained()
}

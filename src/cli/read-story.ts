import { join, relative } from 'node:path'
import { discoverNamed, type NamedPaths } from '../collect/discover-named.ts'
import type { FilesTally } from '../collect/files-tally.ts'
import type { Found } from '../collect/log-names.ts'
import { ownOutput } from '../collect/own-output.ts'
import type { Config } from '../config.ts'
import { type EventJson, isoMicros } from '../event-json.ts'
import type { InterpretedChunk, SourceFile } from '../model.ts'
import { Copies } from '../store/copies.ts'
import { messageOf } from '../store/event-row.ts'
import { type FileFacts, isShared, logKey, type Story } from '../triage/diagnosis/story.ts'
import { emptyLogs } from './empty-logs.ts'
import { jsonLine } from './event-line.ts'
import { tellNotRead } from './files-note.ts'
import type { Io } from './io.ts'
import type { Knowledge } from './knowledge.ts'
import { Progress } from './progress.ts'
import { readPaths } from './read-paths.ts'
import { silentFolders } from './silent-folders.ts'
import { throwIfStopped } from './stopped.ts'

/** What was read, with the last line of each of a desktop's own logs, by `file_id`. */
type ReadStory = Story & {
  readonly lastLines: ReadonlyMap<string, EventJson>
  /** The paths on this machine of files that are shown under other names, by `logKey`. */
  readonly read: ReadonlyMap<string, string>
  readonly named: NamedPaths
}

/**
 * Reads files, folders and bundles as `scan` does and returns what a diagnosis needs of them; `tally` counts what was not
 * read.
 */
export async function readStory(
  paths: readonly string[],
  config: Config,
  { knowledge, tally }: { readonly knowledge: Knowledge; readonly tally: FilesTally },
  io: Io,
): Promise<ReadStory> {
  const { layouts } = knowledge
  const named = await discoverNamed(paths, layouts, config.root, {
    isOwn: ownOutput(config.data),
    silent: await silentFolders(paths, config, io.clock),
  })
  const progress = new Progress(io, named)
  const events: EventJson[] = []
  const files = new Map<string, FileFacts>()
  const lastLines = new Map<string, EventJson>()
  const damaged = new Set<string>()
  const copies = new Copies()
  for await (const { chunk, losses } of readPaths(named, { config, knowledge, tally, io })) {
    if (io.signal.aborted) break
    const result = knowledge.interpret(chunk)
    progress.read(chunk)
    for (const { file } of [...losses, ...result.losses]) damaged.add(file.path)
    for (const verdict of result.verdicts) {
      const line = jsonLine(result, verdict.row, verdict, copies)
      events.push(JSON.parse(line) as EventJson)
    }
    noteFiles(files, result)
    const last = isShared(chunk.file.source) ? undefined : lastRowWithText(result)
    if (last !== undefined) lastLines.set(chunk.file.fileId, JSON.parse(jsonLine(result, last, undefined)))
  }
  progress.done()
  throwIfStopped(io, 'everything was read')
  for (const { path } of tally.notRead) damaged.add(path)
  tellNotRead(tally, io)
  const unread = tally.notRead.map(({ path, detail }) => ({ file: below(config.root, path), reason: detail }))
  const all = [...files.values(), ...(await emptyLogs(named.found, files.values(), config, io.clock))]
  return { events, files: all, lastLines, damaged, unread, read: pathsOf(named.found), named }
}

/** A path as it is shown: with the root cut off. */
function below(root: string | undefined, path: string): string {
  return root === undefined ? path : join('/', relative(root, path))
}

/** The paths on this machine of the files that were read, by `logKey`. */
function pathsOf(found: readonly Found[]): ReadonlyMap<string, string> {
  return new Map(
    found.map(({ path, place }) => {
      const { host } = place.placement.identity
      return [logKey({ file: place.path, host }), path]
    }),
  )
}

function lastRowWithText(result: InterpretedChunk): number | undefined {
  for (let row = result.records.count - 1; row >= 0; row--)
    if (/[\p{L}\p{N}]/u.test(messageOf(result, row))) return row
  return undefined
}

/** Notes when the first and the last line of each file of a chunk were written. */
function noteFiles(files: Map<string, FileFacts>, { ts, records, files: ofRows }: InterpretedChunk): void {
  const { count } = records
  const rows = ofRows === undefined ? [0, count - 1].slice(0, count) : ofRows.keys()
  for (const row of rows) note(files, ofRows?.[row] ?? records.file, isoMicros(ts[row] ?? 0))
}

function note(files: Map<string, FileFacts>, file: SourceFile, ts: string): void {
  const { cluster, owner, session, sessionUuid, host } = file.identity
  // Logs of several hosts may have the same path.
  const key = logKey({ file: file.path, host })
  const known = files.get(key)
  files.set(key, {
    ...{ file: file.path, source: file.source, profile: file.profile, cluster, owner, session, host },
    session_uuid: sessionUuid,
    first_ts: known !== undefined && known.first_ts < ts ? known.first_ts : ts,
    last_ts: known !== undefined && known.last_ts > ts ? known.last_ts : ts,
  })
}

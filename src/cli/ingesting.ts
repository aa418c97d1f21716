import type { NotRead } from '../collect/discover.ts'
import { readAll } from '../collect/read-all.ts'
import { checkRoot, loadConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { runPipeline } from '../pipeline.ts'
import { selectUnread } from '../store/ledger-query.ts'
import { reachable } from './ask.ts'
import type { CommonOptions } from './command.ts'
import { counted } from './counted.ts'
import { filesNote } from './files-note.ts'
import type { Io } from './io.ts'
import { loadKnowledge } from './knowledge.ts'
import { filesOf } from './named-files.ts'
import { Progress } from './progress.ts'
import { UnreadFiles } from './unread-files.ts'
import { openWritePath } from './write-path.ts'

/** The store may be away for this long before `ingest` gives up; what was read waits in the journal. */
const GIVE_UP_MS = 30_000
/** Batches of a backlog are closed by size. */
const MAX_AGE_MS = 10_000

/** Reads what the paths name now into the store and reports what was new. */
export async function ingest(paths: readonly string[], options: CommonOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  checkRoot(config)
  const knowledge = loadKnowledge(config)
  const { found, passedOver, notRead: closed } = await filesOf(paths, config, knowledge.layouts)
  const notRead = [...closed]
  const progress = new Progress(
    io,
    found.map((file) => file.path),
  )
  const path = await openWritePath({
    config,
    knowledge: () => knowledge,
    clock: io.clock,
    log: createLog(io.errIsTerminal ? 'error' : config.logLevel),
    signal: io.signal,
    giveUpMs: GIVE_UP_MS,
    maxAgeMs: MAX_AGE_MS,
    onStored: (rows) => progress.stored(rows),
  })
  try {
    const unread = new UnreadFiles(
      knowledge.layouts,
      config.root,
      await reachable(selectUnread(path.store), config),
    )
    for (const file of closed) unread.note(file)
    const chunks = readAll(found, knowledge.context(path.checkpoints), (file) => {
      notRead.push(file)
      unread.note(file)
    })
    const collect = async () => {
      if (io.signal.aborted) return 'end'
      const next = await chunks.next()
      if (next.done === true) return unread.take() ?? 'end'
      progress.read(next.value.chunk)
      return next.value
    }
    await runPipeline({ ...path.stages, collect })
    await chunks.return(undefined)
  } finally {
    await path.close()
  }
  progress.done()
  const files = found.length - (notRead.length - closed.length)
  report({ ...progress.totals, files, passedOver, notRead }, options.json === true, io)
}

type Report = {
  readonly files: number
  readonly lines: number
  readonly bytes: number
  readonly seconds: number
  readonly passedOver: number
  readonly notRead: readonly NotRead[]
}

function report(result: Report, json: boolean, io: Io): void {
  if (json) {
    const { passedOver, notRead, ...rest } = result
    io.out(`${JSON.stringify({ ...rest, passed_over: passedOver, not_read: notRead })}\n`)
    return
  }
  const rate = result.seconds > 0 ? ` (${(result.bytes / 1e6 / result.seconds).toFixed(0)} MB/s)` : ''
  io.out(
    `${counted(result.lines, 'new line')} of ${counted(result.files, 'file')} stored in ${result.seconds.toFixed(1)} s${rate}\n`,
  )
  io.out(filesNote(result))
  for (const { path, reason, detail } of result.notRead) io.err(`not read: ${path}: ${reason} (${detail})\n`)
}

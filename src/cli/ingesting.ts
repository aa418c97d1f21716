import { bytesText } from '../bytes-text.ts'
import { FilesTally } from '../collect/files-tally.ts'
import { checkRoot, loadConfig } from '../config.ts'
import { runPipeline } from '../pipeline.ts'
import { selectUnread } from '../store/ledger-query.ts'
import { checkBundles } from './broken-bundle.ts'
import type { CommonOptions } from './command.ts'
import { counted } from './counted.ts'
import { filesNote, tellNotRead } from './files-note.ts'
import type { Io } from './io.ts'
import { loadKnowledge } from './knowledge.ts'
import { filesOf } from './named-files.ts'
import { reachable } from './open-store.ts'
import { Progress } from './progress.ts'
import { readPaths } from './read-paths.ts'
import { throwIfStopped } from './stopped.ts'
import { UnreadFiles } from './unread-files.ts'
import { openCommandWritePath } from './write-path.ts'

/** Batches of a backlog are closed by size before they reach this age. */
const MAX_AGE_MS = 10_000

/** Reads the current content of the paths into the store and prints how much was new. */
export async function ingest(paths: readonly string[], options: CommonOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  checkRoot(config)
  const knowledge = loadKnowledge(config)
  const { layouts } = knowledge
  const named = await filesOf(paths, config, layouts, io.clock)
  const tally = new FilesTally()
  const progress = new Progress(io, named)
  const path = await openCommandWritePath(config, knowledge, io, {
    maxAgeMs: MAX_AGE_MS,
    onStored: ({ lines }) => progress.stored(lines),
  })
  try {
    const unread = new UnreadFiles(layouts, config.root, await reachable(selectUnread(path.store), config))
    const chunks = readPaths(named, { config, knowledge, tally, io, known: path.checkpoints })
    const collect = async () => {
      if (io.signal.aborted) return 'end'
      const next = await chunks.next()
      if (next.done === true) {
        for (const file of tally.notRead) unread.note(file)
        return unread.take() ?? 'end'
      }
      progress.read(next.value.chunk)
      return next.value
    }
    await runPipeline({ ...path.stages, collect })
    await chunks.return(undefined)
  } finally {
    await path.close()
  }
  progress.done()
  throwIfStopped(
    io,
    `everything was read: ${counted(progress.totals.lines, 'new line')} stored`,
    'Run it again: it goes on with the rest.',
  )
  report({ ...progress.totals, ...tally }, options.json === true, io)
  checkBundles(paths, tally)
}

type Report = {
  readonly lines: number
  readonly bytes: number
  readonly seconds: number
} & Pick<FilesTally, 'files' | 'passedOver' | 'notRead' | 'absolute'>

function report(result: Report, json: boolean, io: Io): void {
  if (json) {
    const { files, lines, bytes, seconds, passedOver, notRead } = result
    const totals = { lines, bytes, seconds, files, passed_over: passedOver, not_read: notRead }
    io.out(`${JSON.stringify(totals)}\n`)
    return
  }
  const rate = result.seconds > 0 ? ` (${bytesText(result.bytes / result.seconds)}/s)` : ''
  io.out(
    `${counted(result.lines, 'new line')} of ${counted(result.files, 'file')} stored in ${result.seconds.toFixed(1)} s${rate}\n`,
  )
  io.out(filesNote(result))
  tellNotRead(result, io)
}

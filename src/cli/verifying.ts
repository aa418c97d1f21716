import { existsSync } from 'node:fs'
import { readCheckpoints } from '../collect/checkpoints.ts'
import { type Config, checkRoot, loadConfig } from '../config.ts'
import { type DataDir, dataDir, holderPid } from '../data-dir.ts'
import { waitingBatches } from '../store/journal.ts'
import { openAnswers } from './ask.ts'
import type { CommonOptions } from './command.ts'
import { compareFiles, tellNotRead, type Verifying } from './compare-files.ts'
import { incomparable } from './incomparable.ts'
import type { Io } from './io.ts'
import { loadKnowledge } from './knowledge.ts'
import { filesOf } from './named-files.ts'
import { nothingStored } from './open-store.ts'
import { throwIfStopped } from './stopped.ts'
import { openStoredFiles } from './stored-files.ts'
import { untouched, VerifyReport } from './verify-report.ts'

/** Compares the files that the paths name with the store and prints the differences; returns whether there are none. */
export async function verify(paths: readonly string[], options: CommonOptions, io: Io): Promise<boolean> {
  const config = loadConfig(options.config, options)
  checkRoot(config)
  const dir = existingData(config)
  const knowledge = loadKnowledge(config)
  const { found, notRead } = await filesOf(paths, config, knowledge.layouts, io.clock)
  const startMs = io.clock.nowMs()
  const report = new VerifyReport(io, options.json === true, dir.refused)
  const answers = await openAnswers(config, io)
  try {
    const isSettled = answers.by === 'store' && isQuiet(config, dir)
    const known = readCheckpoints(dir.checkpoints)
    const stored = openStoredFiles(answers, config)
    const facts = await stored.facts()
    const refused = await stored.refused()
    const seen = { met: new Set<string>(), truncated: new Set<string>() }
    const verifying = { knowledge, known, stored, facts, refused, isSettled, io, report, ...seen }
    await compareFiles(found, verifying)
    throwIfStopped(io, 'every file was compared', 'Run it again, or name some of the files.')
    for (const { path, reason, detail } of notRead) tellNotRead(path, `${reason} (${detail})`, verifying)
    await tellRest(paths, config, verifying)
  } finally {
    await answers.close()
  }
  return report.end((io.clock.nowMs() - startMs) / 1000)
}

function existingData(config: Config): DataDir {
  const dir = dataDir(config.data)
  if (existsSync(dir.checkpoints)) return dir
  throw nothingStored(dir, 'it has no checkpoints')
}

/** Is nobody writing, and is no batch on its way? */
function isQuiet(config: Config, dir: DataDir): boolean {
  // This process itself holds the directory if the embedded engine is open in it.
  const isHeld = config.store !== undefined && holderPid(dir) !== undefined
  return !isHeld && waitingBatches(dir.journal).length === 0
}

/** Reports stored files that no path led to. */
async function tellRest(paths: readonly string[], config: Config, verifying: Verifying): Promise<void> {
  const { stored, report, known, met, truncated } = verifying
  const asked = { known, met, truncated, folders: paths, isShared: config.store !== undefined }
  for (const { file, reason } of incomparable(await stored.files(), asked)) {
    const { file: path, file_id, generation, rows } = file
    report.add(untouched({ status: 'not_comparable', file: path, file_id, generation, rows, reason }))
  }
}

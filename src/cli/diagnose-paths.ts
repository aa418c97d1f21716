import { relative, resolve } from 'node:path'
import type { FilesTally } from '../collect/files-tally.ts'
import { type Config, checkRoot, loadConfig } from '../config.ts'
import { diagnosedStory } from '../triage/diagnosis/diagnose.ts'
import type { DiagnosisJson } from '../triage/diagnosis/diagnosis-json.ts'
import { withLinesAround } from '../triage/diagnosis/shown/around.ts'
import { withLastLines } from '../triage/diagnosis/shown/last-lines.ts'
import type { Portal } from '../triage/portal/portal-session.ts'
import { portalReader, readDatabase, together } from '../triage/portal/read-portal.ts'
import { type UnassignedJson, unassignedKinds } from '../triage/unassigned.ts'
import type { CommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { loadKnowledge } from './knowledge.ts'
import { linesInPaths } from './lines-in-paths.ts'
import { networkAnswers } from './network-answers.ts'
import { readStory } from './read-story.ts'

type FoundInPaths = {
  readonly diagnoses: DiagnosisJson[]
  readonly unassigned: readonly UnassignedJson[]
  /** Where each log was read, by `logKey`. */
  readonly read: ReadonlyMap<string, string>
}

/** Diagnoses the desktops of some paths; `tally` counts what was not read. */
export async function diagnosePaths(
  paths: readonly string[],
  options: CommonOptions,
  tally: FilesTally,
  io: Io,
): Promise<FoundInPaths> {
  const config = loadConfig(options.config, options)
  checkRoot(config)
  const knowledge = loadKnowledge(config)
  const logs = paths.filter((path) => !isDatabase(path))
  const story = await readStory(logs, config, { knowledge, tally }, io)
  const portal = await portalOf(paths, config, io)
  const { desktops, ofNoDesktop } = diagnosedStory(
    { ...story, portal },
    {
      rules: knowledge.rules,
      phases: knowledge.phases(),
      generations: knowledge.layouts.generations,
      nowMs: io.clock.nowMs(),
    },
  )
  const diagnoses = await withLastLines(
    desktops.map(({ diagnosis }) => diagnosis),
    async () => story.lastLines,
  )
  return {
    diagnoses: await withLinesAround(
      diagnoses,
      linesInPaths(story.named, story.read, { config, knowledge, io }),
    ),
    unassigned: unassignedKinds(ofNoDesktop, knowledge.rules),
    read: story.read,
  }
}

/** The records of a portal database that is named, or lies below a named path. */
async function portalOf(paths: readonly string[], config: Config, { clock }: Io): Promise<Portal> {
  const { root } = config
  const answers = networkAnswers(config, clock)
  const isWanted = (database: string) => paths.some((path) => isBelow(database, path))
  const databases = paths.filter(isDatabase)
  const trees =
    root === undefined
      ? paths.map((path) => portalReader(path, { answers })())
      : [portalReader(root, { answers, isWanted })()]
  return together(await Promise.all([...databases.map(readDatabase), ...trees]))
}

function isBelow(path: string, folder: string): boolean {
  return !relative(resolve(folder), resolve(path)).startsWith('..')
}

function isDatabase(path: string): boolean {
  return path.endsWith('.sqlite')
}

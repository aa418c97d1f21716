import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { FilesTally } from '../collect/files-tally.ts'
import { type Config, checkRoot, loadConfig } from '../config.ts'
import { OpsError, usageError } from '../errors.ts'
import { severityRank } from '../severity.ts'
import { diagnose } from '../triage/diagnosis/diagnose.ts'
import type { DiagnosisJson } from '../triage/diagnosis/diagnosis-json.ts'
import { checklistOf } from '../triage/diagnosis/shown/checklist.ts'
import { evidenceOf, withEvidence } from '../triage/diagnosis/shown/evidence.ts'
import { withLastLines } from '../triage/diagnosis/shown/last-lines.ts'
import type { Story } from '../triage/diagnosis/story.ts'
import type { Portal } from '../triage/portal/portal-session.ts'
import { portalReader, readDatabase, together } from '../triage/portal/read-portal.ts'
import type { Params } from './answers.ts'
import { ask } from './ask.ts'
import { checkBundles } from './broken-bundle.ts'
import { checklistText } from './checklist-text.ts'
import type { CommonOptions } from './command.ts'
import { counted } from './counted.ts'
import type { DiagnoseOptions } from './diagnose.ts'
import { diagnosisText } from './diagnosis-text.ts'
import { fleetText } from './fleet-text.ts'
import type { Io } from './io.ts'
import { loadKnowledge } from './knowledge.ts'
import { withLineNumbers } from './line-numbers.ts'
import { networkAnswers } from './network-answers.ts'
import { readStory } from './read-story.ts'
import { pointInTime } from './time-option.ts'

/**
 * Diagnoses the named subjects and prints the results; returns the rank of the worst severity of a verdict, -1 if there is
 * none.
 */
export async function diagnoseAll(
  subjects: readonly string[],
  options: DiagnoseOptions,
  io: Io,
): Promise<number> {
  const tally = new FilesTally()
  const found = await diagnosesOf(subjects, options, io, tally)
  const shown = found.filter(({ status }) => options.status === undefined || status === options.status)
  const none = options.status === undefined ? 'no desktop was found here\n' : 'no desktop matches\n'
  io.out(shown.length === 0 && options.json !== true ? none : textOf(shown, options, io))
  checkBundles(subjects, tally)
  return Math.max(-1, ...shown.map(({ verdict }) => severityRank(verdict?.severity)))
}

function textOf(shown: readonly DiagnosisJson[], options: DiagnoseOptions, io: Io): string {
  if (options.checklist === true) {
    if (options.json !== true) return shown.map((diagnosis) => checklistText(diagnosis, io)).join('\n')
    const walks = shown.flatMap((diagnosis) =>
      checklistOf(diagnosis).map((check) => ({
        session: diagnosis.session,
        attempt: diagnosis.attempt,
        ...check,
      })),
    )
    return walks.map((walk) => `${JSON.stringify(walk)}\n`).join('')
  }
  if (options.json === true) return shown.map((diagnosis) => `${JSON.stringify(diagnosis)}\n`).join('')
  const texts = shown.map((diagnosis) => diagnosisText(diagnosis, options.utc === true, io))
  return [...texts, ...fleetText(shown, io)].join('\n')
}

/**
 * Diagnoses paths if one of the subjects exists as a file, otherwise desktops of the store; `tally` counts what was not
 * read.
 */
export async function diagnosesOf(
  subjects: readonly string[],
  options: DiagnoseOptions,
  io: Io,
  tally = new FilesTally(),
): Promise<DiagnosisJson[]> {
  const isOfPaths = subjects.some((subject) => existsSync(subject))
  const missing = subjects.find((subject) => !existsSync(subject) && (isOfPaths || isPath(subject)))
  if (missing !== undefined) {
    throw usageError(
      'E_NO_SUCH_PATH',
      `${missing} does not exist`,
      'Check the path; a desktop is written owner/name.',
    )
  }
  const { diagnoses, read } = isOfPaths
    ? await ofPaths(subjects, options, tally, io)
    : { diagnoses: await ofStore(subjects, options, io), read: undefined }
  return withEvidence(diagnoses, await withLineNumbers(evidenceOf(diagnoses), options, io.clock, read))
}

/** All desktops that are known beside some found ones: those of the same paths, or of the last days of the store. */
export async function othersThan(
  subjects: readonly string[],
  found: readonly DiagnosisJson[],
  options: CommonOptions,
  io: Io,
): Promise<readonly DiagnosisJson[]> {
  const isOfPaths = subjects.some((subject) => existsSync(subject))
  return isOfPaths ? found : ((await ask('diagnose', {}, options, io)) as DiagnosisJson[])
}

/** Is it a path? A desktop is `owner/name`, a host one word. */
function isPath(subject: string): boolean {
  return /^[./~]|\/.*\//.test(subject)
}

async function ofStore(
  subjects: readonly string[],
  options: DiagnoseOptions,
  io: Io,
): Promise<DiagnosisJson[]> {
  if (subjects.length > 0 && options.all === true) {
    throw usageError('E_OPTION', '--all is given beside a desktop', 'Name desktops, or give --all.')
  }
  const { status } = options
  const from = pointInTime('from', options.from, io.clock.nowMs(), options)
  const common = { ...(status === undefined ? {} : { status }), ...(from === undefined ? {} : { from }) }
  const asked =
    subjects.length === 0 ? [common] : subjects.map((subject) => ({ ...common, session: subject }))
  const found: DiagnosisJson[] = []
  for (const params of asked) found.push(...(await diagnosesIn(params, options, io)))
  return found
}

async function diagnosesIn(params: Params, options: DiagnoseOptions, io: Io): Promise<DiagnosisJson[]> {
  try {
    return (await ask('diagnose', params, options, io)) as DiagnosisJson[]
  } catch (error) {
    if (!(error instanceof OpsError) || error.field !== 'session') throw error
    const text = `${params['session']}: neither a path that is there nor a desktop that the store knows`
    throw usageError(error.code, text, error.hint)
  }
}

async function ofPaths(
  paths: readonly string[],
  options: DiagnoseOptions,
  tally: FilesTally,
  io: Io,
): Promise<{ readonly diagnoses: DiagnosisJson[]; readonly read: ReadonlyMap<string, string> }> {
  const config = loadConfig(options.config, options)
  checkRoot(config)
  const knowledge = loadKnowledge(config)
  const logs = paths.filter((path) => !isDatabase(path))
  const story = await readStory(logs, config, { knowledge, tally }, io)
  const portal = await portalOf(paths, config, io)
  const diagnoses = diagnose(
    { ...story, portal },
    {
      rules: knowledge.rules,
      phases: knowledge.phases(),
      generations: knowledge.layouts.generations,
      nowMs: io.clock.nowMs(),
    },
  )
  if (diagnoses.length === 0) tellUnassigned(story, io)
  return { diagnoses: await withLastLines(diagnoses, async () => story.lastLines), read: story.read }
}

/** Mentions failures on shared machines even if no desktop is known. */
function tellUnassigned({ events }: Story, io: Io): void {
  const failures = events.filter(
    ({ kind, severity }) => kind !== 'milestone' && (severity === 'error' || severity === 'critical'),
  )
  if (failures.length === 0) return
  io.err(
    `${counted(failures.length, 'failure')} of no desktop that is known here; \`dcvlens scan\` shows them\n`,
  )
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

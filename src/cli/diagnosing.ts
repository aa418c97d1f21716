import { existsSync } from 'node:fs'
import { FilesTally } from '../collect/files-tally.ts'
import { OpsError, usageError } from '../errors.ts'
import { severityRank } from '../severity.ts'
import type { DiagnosisJson } from '../triage/diagnosis/diagnosis-json.ts'
import { checklistOf } from '../triage/diagnosis/shown/checklist.ts'
import { evidenceOf, withEvidence } from '../triage/diagnosis/shown/evidence.ts'
import type { UnassignedJson } from '../triage/unassigned.ts'
import type { Params } from './answers.ts'
import { ask } from './ask.ts'
import { checkBundles } from './broken-bundle.ts'
import { checklistText } from './checklist-text.ts'
import type { CommonOptions } from './command.ts'
import { counted } from './counted.ts'
import type { DiagnoseOptions } from './diagnose.ts'
import { diagnosePaths } from './diagnose-paths.ts'
import { diagnosisText } from './diagnosis-text.ts'
import { fleetText } from './fleet-text.ts'
import type { Io } from './io.ts'
import { withLineNumbers } from './line-numbers.ts'
import { pointInTime } from './time-option.ts'
import { unassignedText } from './unassigned-text.ts'

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
  const { diagnoses, unassigned } = await foundIn(subjects, options, io, tally)
  const shown = diagnoses.filter(({ status }) => options.status === undefined || status === options.status)
  const none = options.status === undefined ? 'no desktop was found here\n' : 'no desktop matches\n'
  io.out(shown.length === 0 && options.json !== true ? none : textOf(shown, options, io))
  tellUnassigned(unassigned, options, io)
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

/** What belongs to no desktop is shown where all are: after the last of them, since it may be why one is missing. */
function tellUnassigned(kinds: readonly UnassignedJson[], options: DiagnoseOptions, io: Io): void {
  if (kinds.length === 0) return
  if (showsUnassigned(options)) io.out(`\n${unassignedText(kinds, options.utc === true, io)}`)
  else if (options.json === true)
    io.err(
      `${counted(kinds.length, 'kind')} of failures that name no known desktop; \`--json\` leaves them out\n`,
    )
}

/** Each object of `--json` is a desktop, and a choice by status is one of desktops. */
function showsUnassigned({ json, checklist, status }: DiagnoseOptions): boolean {
  return json !== true && checklist !== true && status === undefined
}

type Found = {
  readonly diagnoses: DiagnosisJson[]
  /** Empty where single desktops are asked for. */
  readonly unassigned: readonly UnassignedJson[]
}

/** The diagnoses of paths if one of the subjects exists as a file, otherwise of desktops of the store. */
export async function diagnosesOf(
  subjects: readonly string[],
  options: DiagnoseOptions,
  io: Io,
): Promise<DiagnosisJson[]> {
  return (await foundIn(subjects, options, io, new FilesTally())).diagnoses
}

/** The same, with the failures of no desktop; `tally` counts what was not read. */
async function foundIn(
  subjects: readonly string[],
  options: DiagnoseOptions,
  io: Io,
  tally: FilesTally,
): Promise<Found> {
  const isOfPaths = subjects.some((subject) => existsSync(subject))
  const missing = subjects.find((subject) => !existsSync(subject) && (isOfPaths || isPath(subject)))
  if (missing !== undefined) {
    throw usageError(
      'E_NO_SUCH_PATH',
      `${missing} does not exist`,
      'Check the path; a desktop is written owner/name.',
    )
  }
  const { diagnoses, unassigned, read } = isOfPaths
    ? await diagnosePaths(subjects, options, tally, io)
    : await ofStore(subjects, options, io)
  const evidence = await withLineNumbers(evidenceOf(diagnoses), options, io.clock, read)
  const lasts = unassigned.map(({ last }) => last)
  const numbered = await withLineNumbers(lasts, options, io.clock, read)
  return {
    diagnoses: withEvidence(diagnoses, evidence),
    unassigned: unassigned.map((kind, index) => ({ ...kind, last: numbered[index] ?? kind.last })),
  }
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
): Promise<Found & { readonly read?: undefined }> {
  if (subjects.length > 0 && options.all === true) {
    throw usageError('E_OPTION', '--all is given beside a desktop', 'Name desktops, or give --all.')
  }
  const { status } = options
  const from = pointInTime('from', options.from, io.clock.nowMs(), options)
  const common = { ...(status === undefined ? {} : { status }), ...(from === undefined ? {} : { from }) }
  const asked =
    subjects.length === 0 ? [common] : subjects.map((subject) => ({ ...common, session: subject }))
  const diagnoses: DiagnosisJson[] = []
  for (const params of asked) diagnoses.push(...(await diagnosesIn(params, options, io)))
  if (subjects.length > 0 || !showsUnassigned(options)) return { diagnoses, unassigned: [] }
  const span = from === undefined ? {} : { from }
  return { diagnoses, unassigned: (await ask('unassigned', span, options, io)) as UnassignedJson[] }
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

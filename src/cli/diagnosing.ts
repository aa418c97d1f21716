import { existsSync } from 'node:fs'
import { FilesTally } from '../collect/files-tally.ts'
import { checkRoot, loadConfig } from '../config.ts'
import { usageError } from '../errors.ts'
import { SEVERITIES, type Severity } from '../model.ts'
import { type DiagnosisJson, diagnose } from '../triage/diagnosis/diagnose.ts'
import { ask } from './ask.ts'
import { checkBundles } from './broken-bundle.ts'
import type { DiagnoseOptions } from './diagnose.ts'
import { diagnosisText } from './diagnosis-text.ts'
import type { Io } from './io.ts'
import { loadKnowledge } from './knowledge.ts'
import { readStory } from './read-story.ts'
import { pointInTime } from './time-text.ts'

/** Diagnoses what is named and prints it; gives the rank of the worst severity of a verdict, -1 if there is none. */
export async function diagnoseAll(
  subjects: readonly string[],
  options: DiagnoseOptions,
  io: Io,
): Promise<number> {
  const tally = new FilesTally()
  const isOfPaths = subjects.some((subject) => existsSync(subject))
  const found = isOfPaths ? await ofPaths(subjects, options, tally, io) : await ofStore(subjects, options, io)
  const shown = found.filter(({ status }) => options.status === undefined || status === options.status)
  if (options.json === true) for (const one of shown) io.out(`${JSON.stringify(one)}\n`)
  else
    io.out(
      shown.length === 0
        ? 'no desktop is known here\n'
        : shown.map((one) => diagnosisText(one, options.utc === true, io)).join('\n'),
    )
  checkBundles(subjects, tally)
  return Math.max(
    -1,
    ...shown.map(({ verdict }) => SEVERITIES.indexOf((verdict?.severity ?? '') as Severity)),
  )
}

async function ofStore(
  subjects: readonly string[],
  options: DiagnoseOptions,
  io: Io,
): Promise<DiagnosisJson[]> {
  const { status } = options
  const from = pointInTime('from', options.from, io.clock.nowMs())
  const common = { ...(status === undefined ? {} : { status }), ...(from === undefined ? {} : { from }) }
  const asked =
    subjects.length === 0 ? [common] : subjects.map((subject) => ({ ...common, session: subject }))
  const found: DiagnosisJson[] = []
  for (const params of asked) found.push(...((await ask('diagnose', params, options, io)) as DiagnosisJson[]))
  if (found.length > 0 || subjects.length === 0) return found
  throw usageError(
    'E_NOT_KNOWN',
    `${subjects.join(', ')}: neither a path that is there nor a desktop that the store knows`,
    'See `dcvlens sessions` for the desktops it knows.',
  )
}

async function ofPaths(
  paths: readonly string[],
  options: DiagnoseOptions,
  tally: FilesTally,
  io: Io,
): Promise<DiagnosisJson[]> {
  const config = loadConfig(options.config, options)
  checkRoot(config)
  const knowledge = loadKnowledge(config)
  const story = await readStory(paths, config, { knowledge, tally }, io)
  return diagnose(story, {
    rules: knowledge.rules,
    phases: knowledge.phases(),
    generations: knowledge.layouts.generations,
    nowMs: io.clock.nowMs(),
  })
}

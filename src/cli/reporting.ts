import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { loadConfig } from '../config.ts'
import { errorCode, usageError } from '../errors.ts'
import type { EventJson } from '../event-json.ts'
import { type Generations, versionsText } from '../product-versions.ts'
import type { DiagnosisJson } from '../triage/diagnosis/diagnosis-json.ts'
import { htmlOf, markdownOf, type Report, redactedIn } from '../triage/diagnosis/shown/report.ts'
import { ask } from './ask.ts'
import { programVersion } from './command.ts'
import { diagnosesOf } from './diagnosing.ts'
import type { Io } from './io.ts'
import { loadAnswerRules } from './knowledge.ts'
import { withLineNumbers } from './line-numbers.ts'
import type { ReportOptions } from './report.ts'

/** A desktop that fails for days repeats itself, so the newest events are enough. */
const MAX_EVENTS = 20_000

/** Writes a report on a desktop into a new folder, as Markdown, HTML and JSON. */
export async function report(session: string, options: ReportOptions, io: Io): Promise<void> {
  const diagnoses = await diagnosesOf([session], options, io)
  const events = (await ask('timeline', { session, limit: String(MAX_EVENTS) }, options, io)) as EventJson[]
  const timeline = await withLineNumbers(events, options, io.clock)
  const shown = [...timeline, ...diagnoses.flatMap(({ evidence }) => evidence)]
  const { rules, generations } = loadAnswerRules(loadConfig(options.config, options))
  const made: Report = {
    made: new Date(io.clock.nowMs()).toISOString(),
    version: programVersion(),
    rule_set: rules.version,
    diagnoses,
    products: productsOf(diagnoses, generations),
    timeline,
    redacted: redactedIn(shown),
  }
  const folder = newFolder(options.out ?? `dcvlens-report-${session.replaceAll(/[^\w.-]+/g, '-')}`)
  writeFileSync(join(folder, 'report.md'), markdownOf(made))
  writeFileSync(join(folder, 'report.html'), htmlOf(made))
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(made, undefined, 2)}\n`)
  io.out(
    options.json === true
      ? `${JSON.stringify({ folder })}\n`
      : `${folder}: report.md, report.html, report.json\n`,
  )
}

function productsOf(diagnoses: readonly DiagnosisJson[], generations: Generations): Record<string, string> {
  const profiles = [...new Set(diagnoses.map(({ profile }) => profile))]
  return Object.fromEntries(
    profiles.flatMap((profile) => {
      const versions = versionsText(profile, generations)
      return versions === undefined ? [] : [[profile, versions]]
    }),
  )
}

/** Makes a new folder; never writes into an existing one, whose files may be somebody's. */
function newFolder(name: string): string {
  const folder = resolve(name)
  try {
    mkdirSync(folder, { mode: 0o700 })
    return folder
  } catch (error) {
    const code = errorCode(error)
    if (code === '') throw error
    throw usageError(
      'E_OUT',
      code === 'EEXIST' ? `${folder} is there already` : `${folder} cannot be made (${code})`,
      'Name another folder with --out DIR.',
    )
  }
}

import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadLayouts } from './collect/load-layouts.ts'
import { packNeedles } from './interpret/byte-set.ts'
import { FAILURE_NEEDLES_FILE, failureNeedles } from './interpret/failure-needles.ts'
import { loadFormats } from './interpret/load-formats.ts'
import { loadRules } from './interpret/load-rules.ts'
import { FACTS_FILE, knownFacts, NEEDLES_FILE } from './interpret/regex-facts.ts'
import { ruleJsonSchema } from './interpret/rule-schema.ts'
import { PACKAGE_FOLDER, PROGRAM_FOLDER } from './program-folder.ts'
import { knownNames } from './triage/alerts/known-names.ts'
import { loadAlertRules } from './triage/alerts/load-alert-rules.ts'
import { loadPhases } from './triage/diagnosis/course/phase-model.ts'
import { parsedValues, VALUES_FILE } from './yaml-file.ts'

/** Last step of the build: proves what ships and keeps what takes long to find out, so that a command starts fast. */
for (const file of [VALUES_FILE, FACTS_FILE, NEEDLES_FILE, FAILURE_NEEDLES_FILE])
  rmSync(file, { force: true })
const folders = [join(PACKAGE_FOLDER, 'rules')]
const layouts = loadLayouts(folders)
loadFormats(folders)
const set = loadRules(folders)
const { rules } = set
const ids = new Set(rules.map(({ id }) => id))
loadPhases(folders, ids)
loadAlertRules(folders, knownNames(set, layouts))
writeFileSync(VALUES_FILE, JSON.stringify(parsedValues()))
writeFileSync(FACTS_FILE, JSON.stringify(knownFacts()))
writeFileSync(NEEDLES_FILE, JSON.stringify(Object.fromEntries(rules.map(({ id, needles }) => [id, needles]))))
writeFileSync(FAILURE_NEEDLES_FILE, JSON.stringify(packNeedles(failureNeedles())))
writeFileSync(join(PROGRAM_FOLDER, 'signature.schema.json'), JSON.stringify(ruleJsonSchema(), undefined, 2))

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadRules } from './interpret/load-rules.ts'
import { FACTS_FILE, knownFacts } from './interpret/regex-facts.ts'
import { textHash, VALUES_FILE, yamlValue } from './yaml-file.ts'

/** Last step of the build: reads the shipped rules and keeps what takes long to find out, so that a command starts fast. */
const folder = join(import.meta.dirname, '..', 'rules')
const values: Record<string, unknown> = {}
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.yaml'),
)) {
  const text = readFileSync(join(folder, name), 'utf8')
  const value = yamlValue(text)
  if (value !== undefined) values[textHash(text)] = value
}
writeFileSync(VALUES_FILE, JSON.stringify(values))
loadRules([folder])
writeFileSync(FACTS_FILE, JSON.stringify(knownFacts()))

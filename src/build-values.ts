import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { textHash, VALUES_FILE, yamlValue } from './yaml-file.ts'

/** Last step of the build: keeps the values of the shipped rules, so that a command starts without reading YAML. */
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

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { errorCode, errorText, usageError } from '../errors.ts'
import { type Fault, faultText, parseYaml } from '../yaml-file.ts'
import { compileFormat, type Format, type FormatDefinition } from './format.ts'
import { compilePattern } from './pattern.ts'

const BLOCKS = ['traceback', 'json', 'powershell', 'quote', 'pem'] as const

const FormatSchema: z.ZodType<FormatDefinition> = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be words of small letters and digits, joined by "-"'),
  title: z.string().min(1),
  patterns: z.array(z.string()),
  strays: z.enum(['join', 'own']),
  blocks: z.array(z.enum(BLOCKS)),
  host: z.string().refine(isExpression, 'must be a regular expression with one group').optional(),
})

/**
 * Reads every format below each directory's `formats/`; a later directory replaces formats of the same id. All faults are
 * reported at once; a faulty set never loads.
 */
export function loadFormats(dirs: readonly string[]): ReadonlyMap<string, Format> {
  const formats = new Map<string, Format>()
  const faults: Fault[] = []
  for (const dir of dirs) {
    const filesById = new Map<string, string>()
    for (const file of yamlFiles(join(dir, 'formats'), faults)) readFormat(file, filesById, formats, faults)
  }
  if (faults.length === 0) return formats
  const hint = 'Correct these places; the formats that ship with dcvlens show how they are written.'
  throw usageError('E_FORMAT', faults.map(faultText).join('\n'), hint)
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(`${text}|`).exec('')?.length === 2
  } catch {
    return false
  }
}

/** A rule directory need not have formats. */
function yamlFiles(dir: string, faults: Fault[]): string[] {
  try {
    const names = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    return names
      .filter((name) => name.endsWith('.yaml'))
      .sort()
      .map((name) => join(dir, name))
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') faults.push(unreadable(dir, error))
    return []
  }
}

/** Adds the format of one file, or its faults; `own` maps the ids of this directory to their files. */
function readFormat(
  file: string,
  filesById: Map<string, string>,
  formats: Map<string, Format>,
  faults: Fault[],
): void {
  const text = readText(file, faults)
  if (text === undefined) return
  const parsed = parseYaml(file, text, FormatSchema)
  if (!parsed.ok) {
    faults.push(...parsed.faults)
    return
  }
  const { value, place } = parsed
  const wrong = value.patterns.flatMap((pattern, i) => {
    const compiled = compilePattern(pattern)
    if (compiled.kind === 'pattern') return []
    return [{ ...place(['patterns', i]), message: `character ${compiled.at + 1}: ${compiled.message}` }]
  })
  const other = filesById.get(value.id)
  if (other !== undefined) wrong.push({ ...place(['id']), message: `id "${value.id}" is taken by ${other}` })
  filesById.set(value.id, file)
  faults.push(...wrong)
  if (wrong.length === 0) formats.set(value.id, compileFormat(value))
}

function readText(file: string, faults: Fault[]): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    faults.push(unreadable(file, error))
    return undefined
  }
}

function unreadable(file: string, error: unknown): Fault {
  return { file, line: 1, column: 1, message: `cannot be read: ${errorText(error)}` }
}

import { hash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as Yaml from 'yaml'
import type { z } from 'zod'
import { errorCode, errorText, usageError } from './errors.ts'
import { PROGRAM_FOLDER } from './program-folder.ts'
import { schemaFaults } from './schema-faults.ts'

/** One thing wrong in a file of configuration or rules, with its place. */
export type Fault = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** The text of a file that somebody named; throws an error with `code` if it cannot be read. */
export function namedText(file: string, code: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw usageError(code, `${file} cannot be read (${errorCode(error)})`, 'Check the path.')
  }
}

/** The YAML files in a folder, by name; none if the folder does not exist. `deep`: also those in its subfolders. */
export function yamlFilesIn(folder: string, depth: 'flat' | 'deep' = 'flat'): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: depth === 'deep', encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

/** The text of a file; if it cannot be read, adds that to `faults` and returns undefined. */
export function textOrFault(file: string, faults: Fault[]): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    faults.push({ file, line: 1, column: 1, message: errorText(error) })
    return undefined
  }
}

export type ParsedYaml<T> =
  | {
      readonly ok: true
      readonly value: T
      readonly place: (path: readonly PropertyKey[]) => Fault
      /** The build has read this very text and found no fault in what it says. */
      readonly proven: boolean
    }
  | {
      readonly ok: false
      readonly faults: readonly Fault[]
      /** What the text says, where only the schema has something against it. */
      readonly said?: { readonly value: unknown; readonly place: (path: readonly PropertyKey[]) => Fault }
    }

/**
 * Parses YAML text against a schema and finds every fault with line and column, from 1; of a text that is no YAML, the first
 * fault. The only door to `yaml`. `place(path)` says where a key of the value stands, for faults that a later check finds.
 */
export function parseYaml<T>(file: string, text: string, schema: z.ZodType<T>): ParsedYaml<T> {
  const known = readBefore(text)
  if (known !== undefined) return { ok: true, value: known as T, place: placeFinder(file), proven: true }
  const places = new Places(file, text)
  // The rest of the text was read in the light of the first fault: what else seems wrong mostly follows from it.
  const [first] = places.document.errors
  if (first !== undefined) return { ok: false, faults: [places.at(first.pos[0], first.message)] }
  const place = placeFinder(file, places)
  const value: unknown = places.document.toJS()
  const result = schema.safeParse(value)
  if (result.success) {
    parsed.set(textHash(text), result.data)
    return { ok: true, value: result.data, place, proven: false }
  }
  const faults = result.error.issues.flatMap((issue) => schemaFaults(issue, schema, places))
  return { ok: false, faults, said: { value, place } }
}

/** One fault as operators read it: `file:line:column: message`. */
export function faultText(fault: Fault): string {
  return `${fault.file}:${fault.line}:${fault.column}: ${fault.message}`
}

/** A value as YAML, lines of at most 120 characters where that can be. */
export function toYaml(value: unknown): string {
  return yaml().stringify(value, { lineWidth: 120 })
}

/**
 * Says where the keys of a file stand. What is known of them is held weakly, since it takes a multiple of what the file says, and
 * nobody asks once all files are read, except for a command on rules: then the file is read again.
 */
function placeFinder(file: string, known?: Places): (path: readonly PropertyKey[]) => Fault {
  let held = known && new WeakRef(known)
  return (path) => {
    const places = held?.deref() ?? new Places(file, textOrFault(file, []) ?? '')
    held = new WeakRef(places)
    return places.of(path, '')
  }
}

/** Where things stand in a YAML text. */
class Places {
  readonly document: Yaml.Document
  readonly #file: string
  readonly #lines = new (yaml().LineCounter)()

  constructor(file: string, text: string) {
    this.#file = file
    this.document = yaml().parseDocument(text, { lineCounter: this.#lines, prettyErrors: false })
  }

  at(offset: number, message: string): Fault {
    const { line, col } = this.#lines.linePos(offset)
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1), message }
  }

  has(path: readonly PropertyKey[]): boolean {
    return this.document.hasIn(path)
  }

  /** The place of a key itself, of one that stands in the map at `path`. */
  ofKey(path: readonly PropertyKey[], key: string, message: string): Fault {
    const { isMap, isNode, isScalar } = yaml()
    const map = path.length === 0 ? this.document.contents : this.document.getIn(path, true)
    const pair = isMap(map)
      ? map.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined
    return isNode(pair?.key) && pair.key.range ? this.at(pair.key.range[0], message) : this.of(path, message)
  }

  /** A fault at the place of the value under `path`; if there is no such value, at the nearest one above it. */
  of(path: readonly PropertyKey[], message: string): Fault {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = this.document.getIn(path.slice(0, depth), true)
      if (yaml().isNode(node) && node.range) return this.at(node.range[0], message)
    }
    return this.at(0, message)
  }
}

const load = createRequire(import.meta.url)
/** The package is loaded when a text is parsed that the build has not read, which few commands do. */
const yaml = () => load('yaml') as typeof Yaml

/** What the shipped files say, by the hash of their text, written when the program is built: reading YAML is slow. */
export const VALUES_FILE = join(PROGRAM_FOLDER, 'yaml-values.json')
/** Held weakly: all files are read in one go, and only what is in use of them stays. */
let values: WeakRef<Readonly<Record<string, unknown>>> | undefined
const parsed = new Map<string, unknown>()

function readBefore(text: string): unknown {
  let known = values?.deref()
  if (known === undefined) {
    known = shippedValues()
    values = new WeakRef(known)
  }
  return known[textHash(text)]
}

function shippedValues(): Readonly<Record<string, unknown>> {
  if (!existsSync(VALUES_FILE)) return {}
  return JSON.parse(readFileSync(VALUES_FILE, 'utf8')) as Record<string, unknown>
}

/** All that was parsed in this run without a fault, for the file. */
export function parsedValues(): Readonly<Record<string, unknown>> {
  return Object.fromEntries(parsed)
}

function textHash(text: string): string {
  return hash('sha256', text, 'hex')
}

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'

/** One thing wrong in a file of configuration or rules, with its place. */
export type Fault = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

export type ParsedYaml<T> =
  | { readonly ok: true; readonly value: T; readonly place: (path: readonly PropertyKey[]) => Fault }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/**
 * Parses YAML text against a schema and finds every fault with line and column (from 1). The only door to `yaml`.
 * `place(path)` says where a key of the value stands, for faults that a later check finds.
 */
export function parseYaml<T>(file: string, text: string, schema: z.ZodType<T>): ParsedYaml<T> {
  const known = readBefore(text)
  if (known !== undefined) {
    const result = schema.safeParse(known)
    let places: Places | undefined
    const place = (path: readonly PropertyKey[]) => {
      places ??= new Places(file, text)
      return places.of(path, '')
    }
    if (result.success) return { ok: true, value: result.data, place }
  }
  const places = new Places(file, text)
  const { errors } = places.document
  if (errors.length > 0)
    return { ok: false, faults: errors.map((error) => places.at(error.pos[0], error.message)) }
  const result = schema.safeParse(places.document.toJS())
  if (result.success) return { ok: true, value: result.data, place: (path) => places.of(path, '') }
  const faults = result.error.issues.map(({ path, message }) =>
    places.of(path, `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`),
  )
  return { ok: false, faults }
}

/** One fault as operators read it: `file:line:column: message`. */
export function faultText(fault: Fault): string {
  return `${fault.file}:${fault.line}:${fault.column}: ${fault.message}`
}

/** Where things stand in a YAML text. */
class Places {
  readonly document: Document
  readonly #file: string
  readonly #lines = new LineCounter()

  constructor(file: string, text: string) {
    this.#file = file
    this.document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false })
  }

  at(offset: number, message: string): Fault {
    const { line, col } = this.#lines.linePos(offset)
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1), message }
  }

  /** The place of a key, or of the nearest one above it that is there. */
  of(path: readonly PropertyKey[], message: string): Fault {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = this.document.getIn(path.slice(0, depth), true)
      if (isNode(node) && node.range) return this.at(node.range[0], message)
    }
    return this.at(0, message)
  }
}

/** Values of the shipped files by the hash of their text, written when the program is built: reading YAML is slow. */
export const VALUES_FILE = join(import.meta.dirname, 'yaml-values.json')
let values: Readonly<Record<string, unknown>> | undefined

function readBefore(text: string): unknown {
  values ??= existsSync(VALUES_FILE)
    ? (JSON.parse(readFileSync(VALUES_FILE, 'utf8')) as Record<string, unknown>)
    : {}
  return values[textHash(text)]
}

/** The plain value of a YAML text that has no faults, undefined for one that has. */
export function yamlValue(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false })
  return document.errors.length > 0 ? undefined : document.toJS()
}

export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

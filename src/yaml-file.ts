import { isNode, LineCounter, parseDocument } from 'yaml'
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
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number, message: string): Fault => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), message }
  }
  if (document.errors.length > 0) {
    return { ok: false, faults: document.errors.map((error) => at(error.pos[0], error.message)) }
  }
  const offsetOf = (path: readonly PropertyKey[]): number => {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true)
      if (isNode(node) && node.range) return node.range[0]
    }
    return 0
  }
  const result = schema.safeParse(document.toJS())
  if (result.success) return { ok: true, value: result.data, place: (path) => at(offsetOf(path), '') }
  const faults = result.error.issues.map((issue) =>
    at(offsetOf(issue.path), `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`),
  )
  return { ok: false, faults }
}

/** One fault as operators read it: `file:line:column: message`. */
export function faultText(fault: Fault): string {
  return `${fault.file}:${fault.line}:${fault.column}: ${fault.message}`
}

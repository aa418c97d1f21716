import { escaped, withCode } from '../triage/html-text.ts'
import { CODES } from './problem.ts'

/** The part of an OpenAPI document that is shown. */
type Schema = {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly $ref?: string
}
type Parameter = {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema: Schema
}
type Operation = {
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}
export type ApiDocument = {
  readonly info: {
    readonly title: string
    readonly version: string
    readonly description?: string | undefined
  }
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> | undefined
}

export const DOCS_STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1,h2,h3{line-height:1.25}h3{margin:2rem 0 .25rem}code{font:13px/1.5 ui-monospace,monospace}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #d0d7de}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}td,th{border-color:#30363d}a{color:#79b8ff}}
`

/** The OpenAPI document as a page without scripts and without content from other servers. */
export function docsPage(document: ApiDocument): string {
  const { title, version, description = '' } = document.info
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods ?? {}).map(([method, operation]) => ({
      path,
      method,
      operation: operation as Operation,
    })),
  )
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? ''))]
  const parts = tags.map((tag) => {
    const its = operations.filter(({ operation }) => (operation.tags?.[0] ?? '') === tag)
    return `<h2 id="${escaped(tag)}">${escaped(tag)}</h2>\n${its.map(operationPart).join('\n')}`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)} API</title><link rel="stylesheet" href="/api/docs.css"></head><body><main>
<h1>${escaped(title)} API <small>${escaped(version)}</small></h1>
<p>${withCode(description)}</p>
<p>For programs: <a href="/api/openapi.json">OpenAPI 3.1</a>.</p>
${contents(tags, operations)}
${parts.join('\n')}
<h2 id="errors">errors</h2>
<table><tr><th>code</th><th>status</th></tr>
${Object.entries(CODES)
  .map(([code, status]) => `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td></tr>`)
  .join('\n')}
</table></main></body></html>
`
}

/** The table of contents, by subject. */
function contents(tags: readonly string[], operations: readonly Entry[]): string {
  const items = tags.map((tag) => {
    const links = operations
      .filter(({ operation }) => (operation.tags?.[0] ?? '') === tag)
      .map((entry) => `<li><a href="#${idOf(entry)}"><code>${nameOf(entry)}</code></a></li>`)
    return `<li><a href="#${escaped(tag)}">${escaped(tag)}</a><ul>${links.join('')}</ul></li>`
  })
  return `<nav aria-label="contents"><ul>\n${[...items, '<li><a href="#errors">errors</a></li>'].join('\n')}\n</ul></nav>`
}

function nameOf({ path, method }: Entry): string {
  return escaped(`${method.toUpperCase()} ${path}`)
}

function idOf({ path, method }: Entry): string {
  return `${method}${path.replaceAll(/[^A-Za-z0-9]+/g, '-')}`
}

type Entry = { readonly path: string; readonly method: string; readonly operation: Operation }

function operationPart(entry: Entry): string {
  const { operation } = entry
  const { summary = '', description = '', parameters = [], requestBody } = operation
  const body = Object.values(requestBody?.content ?? {})[0]?.schema
  const rows = [...parameters.map(parameterRow), ...bodyRows(body)]
  return `<h3 id="${idOf(entry)}"><code>${nameOf(entry)}</code></h3>
<p>${withCode(summary)}${description === '' ? '' : `<br>${withCode(description)}`}</p>
${rows.length === 0 ? '' : `<table><tr><th>name</th><th>what</th><th>meaning</th></tr>\n${rows.join('\n')}</table>`}`
}

function parameterRow({ name, required = false, description, schema }: Parameter): string {
  return row(name, { ...schema, ...(description === undefined ? {} : { description }) }, required)
}

function bodyRows(body: Schema | undefined): string[] {
  const { properties = {}, required = [] } = body ?? {}
  return Object.entries(properties).map(([name, schema]) =>
    row(`${name} (body)`, schema, required.includes(name) && schema.default === undefined),
  )
}

function row(name: string, schema: Schema, isRequired: boolean): string {
  const what = schema.enum?.join(', ') ?? schema.type ?? ''
  const rest = [
    schema.description,
    schema.default === undefined ? undefined : `default: ${schema.default}`,
    isRequired ? 'required' : undefined,
  ]
  const told = rest.filter((part) => part !== undefined).join('; ')
  return `<tr><td><code>${escaped(name)}</code></td><td>${escaped(what)}</td><td>${withCode(told)}</td></tr>`
}

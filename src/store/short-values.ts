import type { Params } from './client.ts'

/** A server refuses a value of more than 128 KiB (`http_max_field_value_size`), which no question can change. */
const MOST_BYTES = 32 * 1024

/**
 * The same question with values that are short enough for a server: of a long list, `{ids:Array(String)}` becomes
 * `arrayConcat({ids_0:Array(String)}, {ids_1:Array(String)})`.
 */
export function withShortValues(
  sql: string,
  params: Params,
): { readonly sql: string; readonly params: Params } {
  let text = sql
  const values: Record<string, Params[string]> = {}
  for (const [name, value] of Object.entries(params)) {
    const parts = typeof value === 'object' ? partsOf<string | number>(value) : []
    if (parts.length < 2) {
      values[name] = value
      continue
    }
    for (const [i, part] of parts.entries()) values[`${name}_${i}`] = part as readonly string[]
    text = text.replaceAll(new RegExp(`\\{${name}:([^}]+)\\}`, 'g'), (_, type) => {
      return `arrayConcat(${parts.map((_, i) => `{${name}_${i}:${type}}`).join(', ')})`
    })
  }
  return { sql: text, params: values }
}

/** Divides a list. Escaping may double or triple what is counted here, which is still less than a server takes. */
function partsOf<Item extends string | number>(list: readonly Item[]): Item[][] {
  const parts: Item[][] = []
  let room = 0
  for (const item of list) {
    const bytes = Buffer.byteLength(String(item)) + 4
    if (bytes > room) {
      parts.push([])
      room = MOST_BYTES
    }
    room -= bytes
    parts.at(-1)?.push(item)
  }
  return parts
}

/** A map of a YAML file before any schema has seen it. */
export type RawMap = Readonly<Record<string, unknown>>

/** Is this value of a YAML file a map? */
export function isRawMap(value: unknown): value is RawMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

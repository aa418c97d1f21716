/** A map in a YAML file, before any schema was applied. */
export type RawMap = Readonly<Record<string, unknown>>

/** Is this value of a YAML file a map? */
export function isRawMap(value: unknown): value is RawMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The last time that is written with a year of four digits; the store reads no other. */
export const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')

/** SQL that formats a time as ISO 8601 with six digits, in UTC. */
export function isoText(time: string): string {
  return `formatDateTime(${time}, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC')`
}

/** SQL that parses the parameter `name` (ISO 8601) as a time with `digits` digits of a second, as the column has them. */
export function timeParam(name: string, digits: 3 | 6 = 6): string {
  return `parseDateTime64BestEffort({${name}:String}, ${digits}, 'UTC')`
}

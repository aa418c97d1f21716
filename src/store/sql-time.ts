/** SQL that gives a time as ISO 8601 with six digits, in UTC. */
export function isoText(time: string): string {
  return `formatDateTime(${time}, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC')`
}

/** SQL that reads the parameter of this name, ISO 8601, as a time; `digits` of its fraction count, as in the column. */
export function timeParam(name: string, digits: 3 | 6 = 6): string {
  return `parseDateTime64BestEffort({${name}:String}, ${digits}, 'UTC')`
}

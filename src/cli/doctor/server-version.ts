import { type Check, fail, ok } from './check.ts'

/** The first release with all settings that our queries name; a server refuses settings it does not know. */
const OLDEST = { year: 24, month: 8 }

/** Does a server of this version (`24.8.4.13`) understand the queries? `place` is its address as it is shown. */
export function serverVersionCheck(version: string, place: string): Check {
  const [year = 0, month = 0] = version.split('.').map(Number)
  const isKnown = year > OLDEST.year || (year === OLDEST.year && month >= OLDEST.month)
  if (isKnown) return ok('store', `ClickHouse ${version} on ${place}`)
  const remedy = `Upgrade the server to ${OLDEST.year}.${OLDEST.month} or newer.`
  return fail('store', `ClickHouse ${version} on ${place} is too old`, remedy)
}

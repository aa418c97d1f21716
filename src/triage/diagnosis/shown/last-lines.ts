import type { EventJson } from '../../../event-json.ts'
import type { DiagnosisJson } from '../diagnose.ts'
import { isShared } from '../story.ts'

/** The last lines of some logs by `file_id`; `signs` are the last events that were seen in them. */
export type LastLinesOf = (signs: readonly EventJson[]) => Promise<ReadonlyMap<string, EventJson>>

/**
 * Adds to what shows that a desktop went silent the last line of the log that stopped, first of all: no rule need know it,
 * and it is what the desktop hangs at.
 */
export async function withLastLines(
  diagnoses: readonly DiagnosisJson[],
  lastLinesOf: LastLinesOf,
): Promise<DiagnosisJson[]> {
  const signs = diagnoses.flatMap((one) => signOf(one) ?? [])
  if (signs.length === 0) return [...diagnoses]
  const lines = await lastLinesOf(signs)
  return diagnoses.map((one) => {
    const line = lines.get(signOf(one)?.file_id ?? '')
    if (line === undefined || one.evidence.some(({ event_id }) => event_id === line.event_id)) return one
    return { ...one, evidence: [line, ...one.evidence] }
  })
}

/** The last event of a desktop that went silent, if it stands in a log of its own. */
function signOf({ status, evidence: [sign] }: DiagnosisJson): EventJson | undefined {
  return status === 'stalled' && sign?.kind === 'milestone' && !isShared(sign.source) ? sign : undefined
}

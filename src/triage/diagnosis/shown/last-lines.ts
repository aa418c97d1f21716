import type { EventJson } from '../../../event-json.ts'
import type { DiagnosisJson } from '../diagnosis-json.ts'
import { isShared } from '../story.ts'

/** Fetches the last lines of some logs, by `file_id`; `signs` are the last events seen in them. */
export type LastLinesOf = (signs: readonly EventJson[]) => Promise<ReadonlyMap<string, EventJson>>

/**
 * Puts the last line of the log that stopped first in the evidence of a silent desktop. No rule need know the line: it shows
 * where the desktop hangs.
 */
export async function withLastLines(
  diagnoses: readonly DiagnosisJson[],
  lastLinesOf: LastLinesOf,
): Promise<DiagnosisJson[]> {
  const signs = diagnoses.flatMap((diagnosis) => signOf(diagnosis) ?? [])
  if (signs.length === 0) return [...diagnoses]
  const lines = await lastLinesOf(signs)
  return diagnoses.map((diagnosis) => {
    const line = lines.get(signOf(diagnosis)?.file_id ?? '')
    if (line === undefined || diagnosis.evidence.some(({ event_id }) => event_id === line.event_id))
      return diagnosis
    return { ...diagnosis, evidence: [line, ...diagnosis.evidence] }
  })
}

/** The last event of a silent desktop, if it is in one of its own logs. */
function signOf({ status, evidence: [sign] }: DiagnosisJson): EventJson | undefined {
  return status === 'stalled' && sign?.kind === 'milestone' && !isShared(sign.source) ? sign : undefined
}

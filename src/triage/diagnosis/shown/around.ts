import type { EventJson } from '../../../event-json.ts'
import type { DiagnosisJson } from '../diagnosis-json.ts'

/** So many lines are shown before and after what is taken for the cause. */
export const NEIGHBOURS = { before: 3, after: 3 }

/** Of a line so many characters (UTF-16 units) are shown: enough to see what the program did. */
const MOST_SHOWN = 200

/** Fetches the lines of the log of each event, those around it and its own, by `event_id`. */
export type LinesAround = (events: readonly EventJson[]) => Promise<ReadonlyMap<string, readonly EventJson[]>>

/** Adds to each verdict the lines around its first evidence, in the order of their log. */
export async function withLinesAround(
  diagnoses: readonly DiagnosisJson[],
  linesAround: LinesAround,
): Promise<DiagnosisJson[]> {
  const causes = diagnoses.flatMap((diagnosis) => causeOf(diagnosis) ?? [])
  if (causes.length === 0) return [...diagnoses]
  const lines = await linesAround(causes)
  return diagnoses.map((diagnosis) => {
    const around = lines.get(causeOf(diagnosis)?.event_id ?? '') ?? []
    return around.length === 0 ? diagnosis : { ...diagnosis, around }
  })
}

/** The first line of each record around the first evidence, which has a mark; none if it stands alone. */
export function markedLines(diagnosis: DiagnosisJson): string[] {
  const { around = [] } = diagnosis
  if (around.length < 2) return []
  const cause = causeOf(diagnosis)
  return around.map(({ event_id, message }) => {
    const mark = event_id === cause?.event_id ? '>' : ' '
    return `${mark} ${message.split('\n', 1)[0]?.slice(0, MOST_SHOWN) ?? ''}`.trimEnd()
  })
}

/** The first evidence of a verdict. What several events say has no line of its own: it is at the last of them. */
function causeOf({ verdict, evidence }: DiagnosisJson): EventJson | undefined {
  const [first] = evidence
  if (verdict === undefined || first === undefined || first.length > 0) return verdict && first
  return evidence.find(
    ({ file_id, offset, length }) => length > 0 && file_id === first.file_id && offset === first.offset,
  )
}

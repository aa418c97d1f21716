import { dirname } from 'node:path'
import type { DiagnosisJson } from '../diagnosis-json.ts'
import type { FileFacts } from '../story.ts'

/** A log that is there and could not be read, and why. */
export type UnreadLog = { readonly file: string; readonly reason: string }

/**
 * A log that cannot be read beside those of a desktop is named; and where the others merely stop, the desktop is not known to
 * hang, since that log may tell the rest.
 */
export function withUnread(
  diagnosis: DiagnosisJson,
  files: readonly FileFacts[],
  unread: readonly UnreadLog[],
): DiagnosisJson {
  const folders = new Set(files.map(({ file }) => dirname(file)))
  const beside = unread.filter(({ file }) => folders.has(dirname(file)))
  if (beside.length === 0) return diagnosis
  const not_checked = [
    ...beside.map(({ file, reason }) => ({ source: file, reason: `it could not be read: ${reason}` })),
    ...diagnosis.not_checked,
  ]
  const told = { ...diagnosis, not_checked, evidence_incomplete: true }
  // Where something is written that makes it hang, it waits for nothing else.
  if (diagnosis.status !== 'stalled' || diagnosis.waits_for === undefined) return told
  const { verdict: _verdict, waits_for: _waits, ...rest } = told
  const phases = rest.phases.map((phase) =>
    phase.state === 'missing' ? { ...phase, state: 'not_checked' as const } : phase,
  )
  return { ...rest, status: 'unknown', evidence: [], phases }
}

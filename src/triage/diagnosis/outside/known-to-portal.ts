import type { Portal, PortalSession } from '../../portal/portal-session.ts'
import { machineWords } from '../attempts/portal-names.ts'
import type { DiagnosisJson } from '../diagnosis-json.ts'

/** Answers whether the portal of its cluster has a row of a desktop; undefined if that cannot be said. */
export type KnownToPortal = (diagnosis: DiagnosisJson) => boolean | undefined

/**
 * The portal keeps the rows of deleted desktops, so each desktop that ever had a machine has one. A host without a desktop
 * needs none; a desktop without a machine may have been refused before its row was written; and nothing follows from a
 * database that was not read as a whole, or from that of another cluster. Source: the portals of SOCA 2.6 to EDH 26.4.
 */
export function knownToPortal({ sessions, isWhole }: Portal): KnownToPortal {
  const words = new Set(sessions.flatMap((row) => wordsOf(row).map((word) => `${row.cluster} ${word}`)))
  return ({ cluster, session, host, instance, session_uuid }) => {
    const hasMachine = host !== '' || instance !== ''
    if (cluster === '' || isWhole[cluster] !== true || !session.includes('/') || !hasMachine) return undefined
    return [nameKey(session), host, instance, session_uuid].some((word) => words.has(`${cluster} ${word}`))
  }
}

/** An address may have belonged to a desktop that is deleted; its other words are its own for ever. */
function wordsOf(row: PortalSession): string[] {
  const own = [nameKey(`${row.owner}/${row.name}`), row.uuid, row.instance].filter((word) => word !== '')
  return row.isActive ? [...own, ...machineWords(row)] : own
}

/** Names in paths and in the database may differ in case and in the characters that a folder or stack leaves out. */
export function nameKey(session: string): string {
  return session.toLowerCase().replace(/[^\p{L}\p{N}/]/gu, '')
}

import { grouped } from '../../grouped.ts'
import { notReadOf, type Portal, type PortalSession } from '../../portal/portal-session.ts'
import type { DiagnosisJson } from '../diagnosis-json.ts'
import type { Status } from '../status.ts'
import { knownToPortal } from './known-to-portal.ts'
import { NOT_KNOWN, portalJson } from './portal-json.ts'
import { diagnosisWithoutLogs, type PortalContext } from './silent-desktop.ts'

/** The portal checks a new desktop within this time. */
const SOON_MS = 10 * 60_000

/** Adds to each diagnosis what the portal says, and adds the desktops that only the portal knows. */
export function withPortal(
  diagnoses: readonly DiagnosisJson[],
  portal: Portal,
  context: PortalContext & {
    /** Desktops without logs that were created before are left out; '' for none. */
    readonly silentSince: string
  },
): DiagnosisJson[] {
  const joined = new Set<PortalSession>()
  const byName = grouped(portal.sessions, ({ owner, name }) => `${owner}/${name}`)
  const isKnown = knownToPortal(portal)
  const seen = diagnoses.map((diagnosis) => {
    const row = rowOf(diagnosis, diagnoses, byName.get(diagnosis.session) ?? [])
    if (row === undefined) {
      const without = isKnown(diagnosis) === false ? { ...diagnosis, portal: NOT_KNOWN } : diagnosis
      return withNotRead(without, portal)
    }
    joined.add(row)
    return withNotRead(compared(diagnosis, row, context), portal)
  })
  const silent = portal.sessions
    .filter((row) => row.isActive && !joined.has(row) && row.createdAt >= context.silentSince)
    .map((row) => {
      const before = diagnoses.filter(({ session }) => session === `${row.owner}/${row.name}`).length
      return diagnosisWithoutLogs(row, before + 1, context)
    })
  return [...seen, ...silent]
}

/** The row of an attempt: by an id they share, otherwise by name, if it is the last attempt of that name. */
function rowOf(
  { session, host, instance, session_uuid, attempt }: DiagnosisJson,
  all: readonly DiagnosisJson[],
  named: readonly PortalSession[],
): PortalSession | undefined {
  const isSame = (ours: string, theirs: string) => ours !== '' && ours === theirs
  const same = named.filter(
    (row) =>
      !differs(instance, row.instance) &&
      (isSame(instance, row.instance) || isSame(session_uuid, row.uuid) || isSame(host, row.host)),
  )
  if (same.length > 0) return newest(same)
  const isLast = !all.some((other) => other.session === session && other.attempt > attempt)
  const open = named.filter(
    (row) => row.isActive && !differs(instance, row.instance) && !differs(host, row.host),
  )
  return isLast ? newest(open) : undefined
}

function differs(ours: string, theirs: string): boolean {
  return ours !== '' && theirs !== '' && ours !== theirs
}

function newest(rows: readonly PortalSession[]): PortalSession | undefined {
  return rows.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0]
}

/** Another cluster's portal could say nothing of the desktop. */
function withNotRead(diagnosis: DiagnosisJson, portal: Portal): DiagnosisJson {
  const notRead = notReadOf(portal, diagnosis.cluster)
  return notRead.length === 0
    ? diagnosis
    : { ...diagnosis, not_checked: [...diagnosis.not_checked, ...notRead] }
}

function compared(diagnosis: DiagnosisJson, row: PortalSession, { nowMs }: PortalContext): DiagnosisJson {
  const status = statusBoth(diagnosis.status, row)
  const disagreement = disagreementOf(status, row, { nowMs, profile: diagnosis.profile })
  const { verdict, waits_for, ...rest } = diagnosis
  const traits = row.instanceType === '' ? {} : { instance_type: row.instanceType }
  const isWrong = status === 'failed' || status === 'stalled'
  return {
    ...rest,
    status,
    ...(verdict === undefined || !isWrong ? {} : { verdict }),
    ...(waits_for === undefined || status !== 'stalled' ? {} : { waits_for }),
    traits: { ...traits, ...rest.traits },
    evidence: isWrong ? diagnosis.evidence : [],
    portal: { ...portalJson(row), ...(disagreement === undefined ? {} : { disagreement }) },
  }
}

/** A failure in the logs stands. If the logs say too little, the state that the portal got from the desktop counts. */
function statusBoth(ours: Status, { state, isActive }: PortalSession): Status {
  if (ours === 'failed') return ours
  if (!isActive || state === 'stopped') return 'stopped'
  return state === 'running' && ours !== 'stopped' ? 'ready' : ours
}

/** Generations whose portal keeps checking its desktops. */
const LOOKS_AGAIN = new Set(['soca-25', 'edh-26'])

function disagreementOf(
  status: Status,
  { state, createdAt }: PortalSession,
  { nowMs, profile }: { readonly nowMs: number; readonly profile: string },
): string | undefined {
  if (status === 'failed' && state === 'running') {
    return LOOKS_AGAIN.has(profile)
      ? 'The portal says running: what failed is nothing that its watchers look at, or they have not looked since.'
      : 'The portal says running: up to 25.1 it keeps that once the desktop has answered, whatever becomes of it later.'
  }
  if (status !== 'ready') return undefined
  if (state === 'error') return 'The portal says error, its logs say ready.'
  const isSoon = nowMs - Date.parse(createdAt) < SOON_MS
  return state === 'pending' && !isSoon
    ? 'The portal still says pending: nobody has opened its page since, or it does not reach the desktop. `dcvlens probe` its address.'
    : undefined
}

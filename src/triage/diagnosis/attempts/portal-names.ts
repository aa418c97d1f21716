import type { PortalSession } from '../../portal/portal-session.ts'
import type { Draft } from './draft.ts'
import { isOfWindows } from './machines.ts'

/** The words by which the portal's rows name a machine: its host as written in paths, and its instance. */
export function machineWords({ host, ip, instance }: PortalSession): string[] {
  const words = [host, ip === '' ? '' : `ip-${ip.replaceAll('.', '-')}`, instance]
  return words.filter((word) => word !== '')
}

/**
 * Names the desktop, the cluster and the address of machines whose own logs do not: the portal keeps the address and the
 * instance of each desktop. Among rows with the same address, one that is not deleted wins, then the newest.
 */
export function nameByPortal(drafts: Iterable<Draft>, rows: readonly PortalSession[]): void {
  const byWord = new Map<string, PortalSession[]>()
  for (const row of rows)
    for (const word of machineWords(row)) byWord.set(word, [...(byWord.get(word) ?? []), row])
  for (const draft of drafts) {
    if (draft.files.length === 0) continue
    const words = new Set([draft.host, ...draft.tokens])
    const found = [...words].flatMap((word) => byWord.get(word) ?? []).filter((row) => isOf(draft, row))
    const row = found.toSorted(compareRows).at(-1)
    if (row !== undefined) nameBy(row, draft)
  }
}

function nameBy(row: PortalSession, draft: Draft): void {
  draft.cluster ||= row.cluster
  // A host whose paths name its instance has an address, too, by which the load balancer knows it.
  if (draft.tokens.has(row.instance)) for (const word of machineWords(row)) draft.tokens.add(word)
  if (draft.owner !== '') return
  Object.assign(draft, { owner: row.owner, name: row.name })
  draft.uuid ||= row.uuid
  for (const token of [row.uuid, row.instance]) if (token !== '') draft.tokens.add(token)
}

/** An address may have belonged to another machine before; that one has another name, instance or operating system. */
function isOf(draft: Draft, { owner, name, instance, os, createdAt }: PortalSession): boolean {
  const isNamedAlike = draft.owner === '' || (draft.owner === owner && draft.name === name)
  const instances = [...draft.tokens].filter((token) => token.startsWith('i-'))
  const isInstance = instance === '' || instances.length === 0 || instances.includes(instance)
  const isSystem = draft.files.some(isOfWindows) === (os === 'windows')
  return isNamedAlike && isInstance && isSystem && draft.files.some(({ last_ts }) => last_ts >= createdAt)
}

/** Compares rows of the portal: the one that tells most of today comes last. */
export function compareRows(a: PortalSession, b: PortalSession): number {
  return Number(a.isActive) - Number(b.isActive) || (a.createdAt < b.createdAt ? -1 : 1)
}

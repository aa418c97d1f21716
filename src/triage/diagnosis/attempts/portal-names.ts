import type { PortalSession } from '../../portal/portal-session.ts'
import type { Draft } from './draft.ts'
import { isOfWindows } from './machines.ts'

/** How the portal's rows call a machine: its host as paths write it, its instance. */
export function machineWords({ host, ip, instance }: PortalSession): string[] {
  const words = [host, ip === '' ? '' : `ip-${ip.replaceAll('.', '-')}`, instance]
  return words.filter((word) => word !== '')
}

/**
 * Whose desktop a machine is, and of which cluster, where its own logs do not say it: the portal keeps the address and the
 * instance of each desktop. Of rows with the same address the one that is not deleted counts, then the newest.
 */
export function nameByPortal(drafts: Iterable<Draft>, rows: readonly PortalSession[]): void {
  const byWord = new Map<string, PortalSession[]>()
  for (const row of rows)
    for (const word of machineWords(row)) byWord.set(word, [...(byWord.get(word) ?? []), row])
  for (const draft of drafts) {
    if (draft.files.length === 0 || (draft.owner !== '' && draft.cluster !== '')) continue
    const words = new Set([draft.host, ...draft.tokens])
    const found = [...words].flatMap((word) => byWord.get(word) ?? []).filter((row) => isOf(draft, row))
    const row = found.toSorted(compareRows).at(-1)
    if (row === undefined) continue
    draft.cluster ||= row.cluster
    if (draft.owner !== '') continue
    Object.assign(draft, { owner: row.owner, name: row.name })
    draft.uuid ||= row.uuid
    for (const token of [row.uuid, row.instance]) if (token !== '') draft.tokens.add(token)
  }
}

/** An address may have been another machine's before: that one has another name, instance or system. */
function isOf(draft: Draft, { owner, name, instance, os, createdAt }: PortalSession): boolean {
  const isNamedAlike = draft.owner === '' || (draft.owner === owner && draft.name === name)
  const instances = [...draft.tokens].filter((token) => token.startsWith('i-'))
  const isInstance = instance === '' || instances.length === 0 || instances.includes(instance)
  const isSystem = draft.files.some(isOfWindows) === (os === 'windows')
  return isNamedAlike && isInstance && isSystem && draft.files.some(({ last_ts }) => last_ts >= createdAt)
}

function compareRows(a: PortalSession, b: PortalSession): number {
  return Number(a.isActive) - Number(b.isActive) || (a.createdAt < b.createdAt ? -1 : 1)
}

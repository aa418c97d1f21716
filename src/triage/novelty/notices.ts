import type { Happening } from './evaluate.ts'
import type { Signature } from './signatures.ts'
import { NOVELTY } from './state.ts'

/** One message to people; what it is about comes worst first. */
export type Notice = {
  readonly kind: 'new' | 'regressed' | 'escalating' | 'resolved' | 'digest'
  /** The same for the same thing: a message that is sent twice can be told by it. */
  readonly key: string
  readonly title: string
  /** The desktop that all of it is about. */
  readonly session?: string
  readonly signatures: readonly Signature[]
}

const HOUR_LENGTH = '2026-01-31T08'.length

/**
 * Makes messages of what happened: new templates of one desktop are one, those that came up in one hour are one. A flood
 * becomes a single digest. That a rule explains something by now is nothing to tell.
 */
export function noticesOf(
  happenings: readonly Happening[],
  maxNotices: number = NOVELTY.maxNotices,
): Notice[] {
  const groups = new Map<string, Happening[]>()
  for (const happening of happenings) {
    if (happening.what === 'known') continue
    const key = groupOf(happening)
    groups.set(key, [...(groups.get(key) ?? []), happening])
  }
  const notices = [...groups].map(([key, group]) => noticeOf(key, group))
  return notices.length > maxNotices ? [digestOf(notices)] : notices
}

function groupOf({ what, signature }: Happening): string {
  if (what !== 'new') return `${what} ${signature.id} ${signature.state.sinceMs}`
  const [session, ...others] = signature.desktops
  if (session !== undefined && others.length === 0) return `new ${session}`
  return `new ${signature.firstSeen.slice(0, HOUR_LENGTH)}`
}

function noticeOf(key: string, group: readonly Happening[]): Notice {
  const kind = group[0]?.what === 'known' ? 'new' : (group[0]?.what ?? 'new')
  const signatures = group.map(({ signature }) => signature).sort(worstFirst)
  const [first] = signatures
  const more = signatures.length > 1 ? ` and ${signatures.length - 1} more` : ''
  const session = signatures.every(
    ({ desktops }) => desktops.length === 1 && desktops[0] === first?.desktops[0],
  )
    ? first?.desktops[0]
    : undefined
  return {
    kind,
    key: kind === 'new' ? `${key} ${first?.id ?? ''}` : key,
    title: `${TITLES[kind]}: ${first?.title ?? ''}${more}`,
    ...(session === undefined ? {} : { session }),
    signatures,
  }
}

const TITLES = {
  new: 'New failure',
  regressed: 'Back again',
  escalating: 'Getting more frequent',
  resolved: 'Over',
} as const

function digestOf(notices: readonly Notice[]): Notice {
  const signatures = notices.flatMap((notice) => notice.signatures).sort(worstFirst)
  const keys = notices.map(({ key }) => key).sort()
  return {
    kind: 'digest',
    key: `digest ${keys[0] ?? ''} ${keys.length}`,
    title: `${signatures.length} signatures are new or changed, first of all: ${signatures[0]?.title ?? ''}`,
    signatures,
  }
}

function worstFirst(a: Signature, b: Signature): number {
  return b.rank - a.rank || b.seen.count - a.seen.count || (a.id < b.id ? -1 : 1)
}

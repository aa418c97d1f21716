import type { EventJson } from '../../event-json.ts'
import { REQUEST } from './found-machines.ts'
import { LISTED } from './listing.ts'
import { type PortalWords, portalWords } from './tokens.ts'

/** An event of the shared logs, and what the portal says in it. */
export type Told = { readonly event: EventJson; words: PortalWords }

/** His desktops are listed at once; their stack is looked at when somebody looks at the list again. */
const LISTED_MS = 10_000
const STACK_MS = 30 * 60_000

/**
 * Who asked for a desktop: SOCA 2.x does not say so in the request, but lists the desktops of that user right after it, or
 * names the stack that ends in desktop and user; a refusal names the folder that is taken away. The events are in the order
 * of their files.
 */
export function withAskers(events: readonly EventJson[]): readonly Told[] {
  const told = events.map((event): Told => ({ event, words: portalWords(event) }))
  let open: Told[] = []
  let file = ''
  for (const one of told) {
    const { event, words } = one
    if (event.file !== file) open = []
    file = event.file
    if (event.phase === 'launch' && words.name !== undefined && words.user === undefined) open.push(one)
    else if (open.length > 0) open = open.filter((request) => isOpen(request, one))
  }
  return told
}

/** Gives a request its user if an event tells it; does it wait for it on? */
function isOpen(request: Told, { event, words }: Told): boolean {
  const afterMs = Date.parse(event.ts) - Date.parse(request.event.ts)
  const user = askerIn(request, { event, words }, afterMs)
  if (user !== undefined) request.words = { ...request.words, user }
  return user === undefined && afterMs <= STACK_MS
}

function askerIn(request: Told, { event, words }: Told, afterMs: number): string | undefined {
  if (event.rule_id === LISTED) {
    const asked = request.event.captures?.['os']?.toLowerCase()
    const isSame = asked === undefined || asked === event.captures?.['os']
    const isNext = request.event.rule_id === REQUEST && afterMs <= LISTED_MS
    return isSame && isNext ? event.captures?.['user'] : undefined
  }
  return words.name === request.words.name && afterMs <= STACK_MS ? words.user : undefined
}

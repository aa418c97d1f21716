import {
  type EventSelect,
  type SignatureDetails,
  selectDetails,
  selectUnnamedDetails,
} from '../../../store/alert-query.ts'
import type { Span } from '../../../store/alert-span.ts'
import type { Store } from '../../../store/client.ts'
import { grouped } from '../../grouped.ts'
import { desktopsOf } from '../../sessions/machine-desktops.ts'

/** A notice names at most so many desktops. */
const MOST_NAMES = 5

/** What notices contain about signatures; logs of machines count for their desktops, as in every other answer. */
export async function signatureDetails(
  store: Store,
  span: Span,
  select: EventSelect,
  signatures?: readonly string[],
): Promise<SignatureDetails[]> {
  const found = await selectDetails(store, span, select, signatures)
  if (found.length === 0) return []
  const ids = found.map(({ signature }) => signature)
  const logs = await selectUnnamedDetails(store, span, select, ids)
  const desktops = await desktopsOf(logs, { store })
  const bySignature = grouped(logs, ({ signature }) => signature)
  return found.map((details) => {
    const named = new Set(details.session_names)
    const more = new Set((bySignature.get(details.signature) ?? []).flatMap(desktops))
    const others = [...more].filter((desktop) => !named.has(desktop))
    return {
      ...details,
      sessions: details.sessions + others.length,
      session_names: [...named, ...others].sort().slice(0, MOST_NAMES),
    }
  })
}

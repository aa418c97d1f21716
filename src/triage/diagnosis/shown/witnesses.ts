import type { DiagnosisJson } from '../diagnosis-json.ts'

/**
 * What a source other than the logs (the portal, the desktop's address) says of a desktop; `against` if it contradicts the
 * logs, `unread` if it could not be asked.
 */
export type Witness = { readonly kind: 'told' | 'against' | 'unread'; readonly text: string }

const PORTAL = 'portal database'

/** What the portal and the desktop's own address say of it, and that the portal could not be asked. */
export function witnessesOf({ portal, probe, not_checked }: WitnessAsk): Witness[] {
  return [
    ...(portal === undefined ? [] : [portalWitness(portal)]),
    ...(probe === undefined
      ? []
      : [
          {
            kind: probe.ok ? 'told' : 'against',
            text: `Its address: ${probe.title} (${probe.status ?? probe.error ?? ''}).`,
          } as const,
        ]),
    ...not_checked
      .filter(isPortal)
      .map(({ source, reason }) => ({ kind: 'unread', text: `${source} not checked: ${reason}` }) as const),
  ]
}

/** Is it a database of the portal that was not checked, and no log? */
export function isPortal({ source }: { readonly source: string }): boolean {
  return source === PORTAL
}

type WitnessAsk = Pick<DiagnosisJson, 'portal' | 'probe' | 'not_checked'>

function portalWitness({ state, is_active, disagreement }: NonNullable<WitnessAsk['portal']>): Witness {
  if (disagreement !== undefined) return { kind: 'against', text: disagreement }
  const text = is_active
    ? `The portal says ${state}.`
    : `The portal has deleted it; its last word was ${state}.`
  return { kind: 'told', text }
}

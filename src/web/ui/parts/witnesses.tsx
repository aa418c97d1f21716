import type { DiagnosisJson } from '../../../triage/diagnosis/diagnosis-json.ts'
import { type Witness, witnessesOf } from '../../../triage/diagnosis/shown/witnesses.ts'
import { visible } from '../../../triage/visible.ts'
import { Icon } from './icon.tsx'

const LOOKS: Readonly<Record<Witness['kind'], { readonly tone: string; readonly icon: string }>> = {
  told: { tone: 'quiet', icon: 'dot' },
  against: { tone: 'warn', icon: 'warning' },
  unread: { tone: 'warn', icon: 'question' },
}

/** What the portal and the desktop's own address say of it; nothing if neither was asked. */
export function Witnesses({ diagnosis }: { readonly diagnosis: DiagnosisJson }) {
  const witnesses = witnessesOf(diagnosis)
  if (witnesses.length === 0) return null
  return (
    <ul class="witnesses" aria-label="what others say of it">
      {witnesses.map(({ kind, text }) => (
        <li key={text} class={`witness tone-${LOOKS[kind].tone}`}>
          <Icon name={LOOKS[kind].icon} size={14} />
          <bdi>{visible(text)}</bdi>
        </li>
      ))}
    </ul>
  )
}

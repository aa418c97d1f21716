import type { SignatureItem } from '../answers.ts'
import { counted } from '../words.ts'
import { Empty } from './answer-state.tsx'
import { Card } from './card.tsx'
import { Age } from './moment.tsx'
import { TemplateText } from './template-text.tsx'

/** Failures that were not seen before. */
export function NewSignatures({ signatures }: { readonly signatures: readonly SignatureItem[] }) {
  return (
    <Card title="New signatures" aside={<a href="/signatures?state=new">All</a>}>
      {signatures.length === 0 ? (
        <Empty title="Nothing new" icon="check" />
      ) : (
        <ul class="side-list">
          {signatures.slice(0, 6).map((signature) => (
            <li key={signature.id}>
              <a href={`/signatures/${encodeURIComponent(signature.id)}`}>
                <TemplateText item={signature} />
              </a>
              <span class="dim">
                {signature.count} × · {counted(signature.sessions, 'desktop')} · first{' '}
                <Age iso={signature.first_seen} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

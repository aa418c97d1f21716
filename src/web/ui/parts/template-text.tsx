import type { SignatureItem } from '../answers.ts'
import { oneLine, variableParts } from '../visible-text.ts'

/** The name of a signature: the title of a rule, or the text of a template with its variable parts marked. */
export function TemplateText({
  item: { kind, title },
}: {
  readonly item: Pick<SignatureItem, 'kind' | 'title'>
}) {
  if (kind === 'rule') return <span class="signature-title">{title}</span>
  return (
    <bdi class="template mono">
      {variableParts(oneLine(title, 400)).map((part) =>
        part.isHit ? <span class="variable">{part.text}</span> : part.text,
      )}
    </bdi>
  )
}

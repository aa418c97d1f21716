import { useState } from 'preact/hooks'
import { visible } from '../../../triage/visible.ts'
import { blocksOf, segmentsOf } from '../visible-text.ts'
import { CopyButton } from './copy-button.tsx'

/** At most this much of a record is shown at first, characters. */
const SHOWN = 2000

/** A record's text with all its lines, in its own direction; a very long one is cut until the reader asks for the rest. */
export function LogText({ text, hit = '' }: { readonly text: string; readonly hit?: string }) {
  const [isWhole, setWhole] = useState(false)
  const isCut = !isWhole && text.length > SHOWN
  return (
    <div class="log-text">
      <pre>
        {blocksOf(isCut ? `${text.slice(0, SHOWN)}…` : text, SHOWN).map((block, i) => (
          <bdi key={i}>
            <Hits text={visible(block)} hit={hit} />
          </bdi>
        ))}
      </pre>
      <div class="log-text-foot">
        {isCut && (
          <button type="button" class="button button-small" onClick={() => setWhole(true)}>
            Show all {text.length.toLocaleString('en')} characters
          </button>
        )}
        <CopyButton text={text} title="Copy the line" label="Copy the line" />
      </div>
    </div>
  )
}

/** Text with the searched words highlighted. */
export function Hits({ text, hit }: { readonly text: string; readonly hit: string }) {
  if (hit === '') return <>{text}</>
  return (
    <>
      {segmentsOf(text, hit).map((segment) => (segment.isHit ? <mark>{segment.text}</mark> : segment.text))}
    </>
  )
}

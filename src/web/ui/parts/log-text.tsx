import { useState } from 'preact/hooks'
import { segmentsOf, visible } from '../visible-text.ts'

/** So much of a record is shown at once. */
const SHOWN = 2000

/** A record's text, whole lines, in its own direction; a very long one is cut until it is asked for. */
export function LogText({ text, hit = '' }: { readonly text: string; readonly hit?: string }) {
  const [isWhole, setWhole] = useState(false)
  const isCut = !isWhole && text.length > SHOWN
  const shown = visible(isCut ? text.slice(0, SHOWN) : text)
  return (
    <div class="log-text">
      <pre>
        <bdi>
          <Hits text={shown} hit={hit} />
        </bdi>
        {isCut && '…'}
      </pre>
      {isCut && (
        <button type="button" class="button button-small" onClick={() => setWhole(true)}>
          Show all {text.length.toLocaleString('en')} characters
        </button>
      )}
    </div>
  )
}

/** Text in which what was looked for is marked. */
export function Hits({ text, hit }: { readonly text: string; readonly hit: string }) {
  if (hit === '') return <>{text}</>
  return (
    <>
      {segmentsOf(text, hit).map((segment) => (segment.isHit ? <mark>{segment.text}</mark> : segment.text))}
    </>
  )
}

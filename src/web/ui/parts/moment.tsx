import { useEffect, useState } from 'preact/hooks'
import { visible } from '../../../triage/visible.ts'
import { every, nowMs } from '../clock.ts'
import { ageText, durationText, fullText, localText, utcText } from '../time-text.ts'

/** A time in the reader's zone, with UTC on hover; `~` marks one that is not from the log. */
export function Moment({ iso, quality = 'parsed' }: { readonly iso: string; readonly quality?: string }) {
  const isInferred = quality !== 'parsed'
  return (
    <time dateTime={iso} title={utcText(iso)}>
      {isInferred && <span title="not from the log itself">~</span>}
      {localText(iso, nowMs())}
    </time>
  )
}

/** A time with day and year, however recent. */
export function FullTime({ iso }: { readonly iso: string }) {
  return (
    <time dateTime={iso} title={utcText(iso)}>
      {fullText(iso)}
    </time>
  )
}

/** How long ago something was; updates itself. */
export function Age({ iso }: { readonly iso: string }) {
  const [now, setNow] = useState(nowMs())
  useEffect(() => every(5000, () => setNow(nowMs())), [])
  return (
    <time dateTime={iso} title={`${localText(iso, now)} · ${utcText(iso)}`}>
      {ageText(now - Date.parse(iso))}
    </time>
  )
}

/** How long something has lasted: `for 5 min`. */
export function Lasting({ iso }: { readonly iso: string }) {
  const [now, setNow] = useState(nowMs())
  useEffect(() => every(5000, () => setNow(nowMs())), [])
  return (
    <time dateTime={iso} title={`since ${localText(iso, now)} · ${utcText(iso)}`}>
      for {durationText(Math.max(0, now - Date.parse(iso)) / 1000)}
    </time>
  )
}

const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/

/** Text from the service, with its times in the reader's zone. */
export function TimedText({ text }: { readonly text: string }) {
  return visible(text)
    .split(INSTANT)
    .map((part, index) => (index % 2 === 0 ? part : <Moment key={part} iso={part} />))
}

import { shortened } from '../../../interpret/template/telling-line.ts'
import type { DiagnosisJson } from '../../../triage/diagnosis/diagnosis-json.ts'
import { changeQuery } from '../router.ts'
import { sourceTitle } from '../source-titles.ts'
import { oneLine } from '../visible-text.ts'
import { counted } from '../words.ts'
import { Moment } from './moment.tsx'
import { Name } from './name.tsx'

/** The lines that a verdict rests on, and what follows from it or failed before it; nothing if there are none. */
export function Evidence({ diagnosis }: { readonly diagnosis: DiagnosisJson }) {
  const { evidence, again, consequences, before, beside } = diagnosis
  if (evidence.length === 0) return null
  const folded = consequences.reduce((sum, { count }) => sum + count, 0)
  return (
    <>
      <h3>Evidence</h3>
      <ul class="evidence">
        {evidence.map((event) => (
          <li key={event.event_id}>
            <button
              type="button"
              class="evidence-line"
              onClick={() => changeQuery({ event: event.event_id })}
            >
              <Moment iso={event.ts} quality={event.ts_quality} />
              <span class="evidence-source" title={`${sourceTitle(event.source)}: ${event.file}`}>
                <Name of={fileAndLine(event)} />
              </span>
              <bdi class="evidence-text">{oneLine(shortened(event.message.trimStart(), 300), 300)}</bdi>
            </button>
          </li>
        ))}
      </ul>
      {again > 0 && <p class="dim">Written {counted(again, 'more time')}.</p>}
      {folded > 0 && (
        <details class="folded">
          <summary>
            {counted(folded, 'more line')} {folded === 1 ? 'follows' : 'follow'} from it
          </summary>
          <ul>
            {consequences.map(({ rule_id, title, count }) => (
              <li key={rule_id}>
                {title} <span class="dim">× {count}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {before.length > 0 && <p class="dim">Failed before it: {listed(before)}</p>}
      {beside.length > 0 && <p class="dim">Failed besides: {listed(beside)}</p>}
    </>
  )
}

function listed(folded: DiagnosisJson['before']): string {
  return folded.map(({ title, count }) => (count > 1 ? `${title} × ${count}` : title)).join('; ')
}

/** `ComputeNode.sh.log:319`; the whole path is shown on hover. */
function fileAndLine({ file, line, source = '' }: DiagnosisJson['evidence'][number]): string {
  const name = file.split('/').at(-1) || sourceTitle(source)
  return line === undefined ? name : `${name}:${line}`
}

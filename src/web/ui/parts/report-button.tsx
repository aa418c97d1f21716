import type { EventJson } from '../../../event-json.ts'
import type { DiagnosisJson } from '../../../triage/diagnosis/diagnosis-json.ts'
import { markdownOf, type Report, redactedIn } from '../../../triage/diagnosis/shown/report.ts'
import type { ServiceStatus } from '../answers.ts'
import { nowMs } from '../clock.ts'
import { isoOf } from '../time-range.ts'
import { useAnswer } from '../use-answer.ts'
import { CopyButton } from './copy-button.tsx'
import { Icon } from './icon.tsx'

/** Downloads everything the page knows about a desktop as a file, for people who are asked for help. */
export function ReportButton({
  diagnoses,
  events,
}: {
  readonly diagnoses: readonly DiagnosisJson[]
  readonly events: readonly EventJson[]
}) {
  const { data: service } = useAnswer<ServiceStatus>('status', {}, { everyMs: 0 })
  const report = (): Report => {
    const timeline = events.filter(({ kind }) => kind !== 'line')
    return {
      made: isoOf(nowMs()),
      version: service?.version ?? '',
      rule_set: service?.rules?.version ?? '',
      diagnoses,
      timeline,
      redacted: redactedIn(timeline),
    }
  }
  const name = (diagnoses[0]?.session ?? 'desktop').replaceAll(/[^\w.-]+/g, '-')
  return (
    <div class="button-group">
      <CopyButton text={location.href} title="Copy a link to this view" />
      <button
        type="button"
        class="button"
        title="Everything known about it, for people (Markdown)"
        onClick={() => save(`${name}.md`, 'text/markdown', markdownOf(report()))}
      >
        <Icon name="download" size={14} /> Report
      </button>
      <button
        type="button"
        class="button"
        title="The same report for programs (JSON)"
        onClick={() => save(`${name}.json`, 'application/json', JSON.stringify(report(), null, 2))}
      >
        <Icon name="download" size={14} /> JSON for programs
      </button>
    </div>
  )
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

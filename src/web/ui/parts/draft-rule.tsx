import { useState } from 'preact/hooks'
import { tell } from '../api.ts'
import { useTask } from '../use-task.ts'
import { Card } from './card.tsx'
import { CopyButton } from './copy-button.tsx'
import { TaskNote } from './task-note.tsx'

/** Drafts a rule from a line that no rule matches. */
export function DraftRule({ line }: { readonly line: string | undefined }) {
  const [yaml, setYaml] = useState('')
  const { state, run } = useTask()
  if (line === undefined || line === '') return null
  const draft = () =>
    run(async () => setYaml((await tell<{ yaml: string }>('POST', 'rules/draft', { line })).yaml))
  return (
    <Card
      title="Make a rule from it"
      aside={
        <>
          {yaml !== '' && <CopyButton text={yaml} title="Copy the draft" />}
          <button type="button" class="button" disabled={state.kind === 'running'} onClick={draft}>
            Draft a rule
          </button>
        </>
      }
    >
      <p class="dim">
        A draft has the fixed words of the line and leaves open what varies. Complete it, put it into your
        folder of rules, and check it with <code>dcvlens rules test</code>.
      </p>
      <TaskNote task={state} />
      {yaml !== '' && <pre class="yaml">{yaml}</pre>}
    </Card>
  )
}

import { useState } from 'preact/hooks'
import type { Items } from '../answers.ts'
import { tell } from '../api.ts'
import { useTask } from '../use-task.ts'
import { type Explained, ExplainedRule } from './explained-rule.tsx'
import { TaskNote } from './task-note.tsx'

/** Tells which rules match a line, and which nearly do. */
export function TryLine() {
  const [line, setLine] = useState('')
  const [found, setFound] = useState<{ readonly line: string; readonly items: readonly Explained[] }>()
  const { state, run } = useTask()
  const explain = () => {
    if (line.trim() === '') return
    run(async () => {
      const { items } = await tell<Items<Explained>>('POST', 'rules/explain', { line })
      setFound({ line, items })
    })
  }
  return (
    <form
      class="card try-line"
      onSubmit={(event) => {
        event.preventDefault()
        explain()
      }}
    >
      <label class="try-field">
        <span class="try-label">Try a line</span>
        <input
          value={line}
          placeholder="Paste a line of a log: which rules match it?"
          spellcheck={false}
          onInput={({ currentTarget }) => setLine(currentTarget.value)}
        />
      </label>
      <button type="submit" class="button button-main" disabled={state.kind === 'running'}>
        Explain
      </button>
      <TaskNote task={state} />
      {found !== undefined && <Explanations found={found.items} line={found.line} />}
    </form>
  )
}

function Explanations({ found, line }: { readonly found: readonly Explained[]; readonly line: string }) {
  if (found.length === 0) return <p class="dim try-found">No rule matches this line, and none comes close.</p>
  return (
    <ul class="try-found" aria-label="rules that match the line">
      {found.map((explained) => (
        <ExplainedRule key={explained.rule_id} one={explained} line={line} />
      ))}
    </ul>
  )
}

import { useState } from 'preact/hooks'
import type { Items } from '../answers.ts'
import { tell } from '../api.ts'
import { useTask } from '../use-task.ts'
import { Icon } from './icon.tsx'
import { TaskNote } from './task-note.tsx'

type Explained = {
  readonly rule_id: string
  readonly severity?: string
  readonly matches: boolean
  readonly captures?: Readonly<Record<string, string>>
  readonly obstacles?: readonly string[]
  readonly parts?: readonly {
    readonly kind: string
    readonly wanted: string
    readonly found?: string
    readonly holds: boolean
  }[]
}

/** Says which rules know a line, and which nearly do. */
export function TryLine() {
  const [line, setLine] = useState('')
  const [found, setFound] = useState<readonly Explained[]>()
  const { state, run } = useTask()
  const explain = () => {
    if (line.trim() === '') return
    run(async () => setFound((await tell<Items<Explained>>('POST', 'rules/explain', { line })).items))
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
          placeholder="Paste a line of a log: which rules know it?"
          spellcheck={false}
          onInput={({ currentTarget }) => setLine(currentTarget.value)}
        />
      </label>
      <button type="submit" class="button button-main" disabled={state.kind === 'running'}>
        Explain
      </button>
      <TaskNote task={state} />
      {found !== undefined && <Explanations found={found} />}
    </form>
  )
}

function Explanations({ found }: { readonly found: readonly Explained[] }) {
  if (found.length === 0) return <p class="dim try-found">No rule knows this line, and none nearly does.</p>
  return (
    <ul class="try-found" aria-label="rules that know the line">
      {found.map(({ rule_id, matches, captures = {}, obstacles = [], parts = [] }) => (
        <li key={rule_id} class={`tone-${matches ? 'good' : 'quiet'}`}>
          <Icon name={matches ? 'check' : 'skip'} size={15} />
          <div>
            <a href={`/rules/${encodeURIComponent(rule_id)}`}>{rule_id}</a>{' '}
            <span class="dim">{matches ? 'knows it' : 'nearly'}</span>
            {Object.entries(captures).map(([name, value]) => (
              <span key={name} class="tag">
                {name}: {value}
              </span>
            ))}
            {!matches && (
              <p class="dim">
                {[
                  ...obstacles,
                  ...parts.filter(({ holds }) => !holds).map(({ wanted }) => `it has no ${wanted}`),
                ].join('; ')}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}

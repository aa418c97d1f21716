import type { RuleDetail } from '../answers.ts'
import { missingWords } from '../missing-words.ts'
import { useAnswer } from '../use-answer.ts'
import { SEVERITY_WORDS, wordOf } from '../words.ts'
import { Icon } from './icon.tsx'
import { Steps } from './steps.tsx'
import { WordTag } from './word-tag.tsx'

export type Explained = {
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

/** How one rule sees a line: what it means and what to do, or what the line lacks. */
export function ExplainedRule({ one, line }: { readonly one: Explained; readonly line: string }) {
  const { rule_id, matches, severity, captures = {} } = one
  const rule = useAnswer<RuleDetail>(`rules/${encodeURIComponent(rule_id)}`, {}, { everyMs: 0 })
  return (
    <li class={`tone-${matches ? 'good' : 'quiet'}`}>
      <Icon name={matches ? 'check' : 'skip'} size={15} />
      <div>
        <span class="dim">{matches ? 'Known: ' : 'Nearly: '}</span>
        <a href={`/rules/${encodeURIComponent(rule_id)}`}>
          {rule.data?.title ?? rule_id}
          <span class="visually-hidden"> {rule_id}</span>
        </a>{' '}
        {severity !== undefined && <WordTag word={wordOf(SEVERITY_WORDS, severity)} isBare />}
        {Object.entries(captures).map(([name, value]) => (
          <span key={name} class="tag">
            {name}: {value}
          </span>
        ))}
        {matches ? <Steps steps={rule.data?.remedy ?? []} /> : <Lacks one={one} line={line} />}
      </div>
    </li>
  )
}

/** Shows missing words first; the expression is for authors of rules. */
function Lacks({
  one: { obstacles = [], parts = [] },
  line,
}: {
  readonly one: Explained
  readonly line: string
}) {
  const words = missingWords(parts, line)
  const patterns = parts.filter(({ holds, kind }) => !holds && kind !== 'literal')
  return (
    <>
      {obstacles.length > 0 && <p class="dim">{obstacles.join('; ')}</p>}
      {words.length > 0 && (
        <p>
          <span class="dim">not in the line: </span>
          {words.map((word, i) => (
            <span key={word}>
              {i > 0 && ', '}
              <code>{word}</code>
            </span>
          ))}
        </p>
      )}
      {patterns.length > 0 && (
        <details class="folded">
          <summary>its expression</summary>
          {patterns.map(({ wanted }) => (
            <code key={wanted}>{wanted}</code>
          ))}
        </details>
      )}
    </>
  )
}

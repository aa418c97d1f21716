import type { Overview } from '../answers.ts'
import { clearFactors, factorText } from '../common-factors.ts'
import { TRAIT_TITLES } from '../trait-titles.ts'
import { PROFILE_TITLES } from '../words.ts'
import { Empty } from './answer-state.tsx'
import { Card } from './card.tsx'
import { Name } from './name.tsx'

/** What failed desktops have in common, clearly more often than working ones. */
export function Common({
  overview: { common, trend, sessions, failing },
}: {
  readonly overview: Pick<Overview, 'common' | 'trend' | 'sessions' | 'failing'>
}) {
  const titles = new Map(trend.map(({ rule_id, title }) => [rule_id, title]))
  const causes = new Set(failing.map(({ verdict_title }) => verdict_title))
  const clear = clearFactors(common, sessions, (rule) => causes.has(titles.get(rule)))
  return (
    <Card title="What failed desktops have in common">
      {clear.length === 0 ? (
        <Empty title="Nothing stands out" icon="check" />
      ) : (
        <ul class="common">
          {clear.slice(0, 6).map((factor) => (
            <li key={`${factor.key}:${factor.value}`}>
              <span class="common-what">
                <span class="dim">{TRAIT_TITLES[factor.key] ?? factor.key}</span>{' '}
                <Value factor={factor} titles={titles} />
              </span>
              <span class="common-how">{factorText(factor)}</span>
              <span class="meter" aria-hidden="true">
                <span class="meter-fill" style={{ width: `${(factor.failed / factor.of) * 100}%` }} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function Value({
  factor: { key, value },
  titles,
}: {
  readonly factor: Overview['common'][number]
  readonly titles: ReadonlyMap<string, string>
}) {
  if (key === 'rule')
    return <a href={`/search?rule=${encodeURIComponent(value)}`}>{titles.get(value) ?? value}</a>
  if (key === 'owner')
    return (
      <a href={`/sessions?owner=${encodeURIComponent(value)}`}>
        <Name of={value} />
      </a>
    )
  const title = key === 'profile' ? (PROFILE_TITLES[value] ?? value) : value
  return (
    <a href={`/sessions?q=${encodeURIComponent(value)}`}>
      <Name of={title} />
    </a>
  )
}

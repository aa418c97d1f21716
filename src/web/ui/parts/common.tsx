import type { Overview } from '../answers.ts'
import { TRAIT_TITLES } from '../trait-titles.ts'
import { PROFILE_TITLES } from '../words.ts'
import { Empty } from './answer-state.tsx'
import { Card } from './card.tsx'

/** What desktops that fail have in common, more than those that work. */
export function Common({ common, trend }: Pick<Overview, 'common' | 'trend'>) {
  const titles = new Map(trend.map(({ rule_id, title }) => [rule_id, title]))
  return (
    <Card title="What failed desktops have in common">
      {common.length === 0 ? (
        <Empty title="Nothing stands out" icon="check" />
      ) : (
        <ul class="common">
          {common.slice(0, 6).map((factor) => (
            <li key={`${factor.key}:${factor.value}`}>
              <span class="common-what">
                <span class="dim">{TRAIT_TITLES[factor.key] ?? factor.key}</span>{' '}
                <Value factor={factor} titles={titles} />
              </span>
              <span class="common-how">
                {factor.failed} of {factor.of} failed
                <span class="dim"> · {factor.lift.toFixed(1)}× as often</span>
              </span>
              <span class="meter" aria-hidden="true">
                <span
                  class="meter-fill"
                  style={{ width: `${(factor.failed / Math.max(factor.of, 1)) * 100}%` }}
                />
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
  if (key === 'owner') return <a href={`/sessions?owner=${encodeURIComponent(value)}`}>{value}</a>
  const title = key === 'profile' ? (PROFILE_TITLES[value] ?? value) : value
  return <a href={`/sessions?q=${encodeURIComponent(value)}`}>{title}</a>
}

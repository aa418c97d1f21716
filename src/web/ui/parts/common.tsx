import type { Overview } from '../answers.ts'
import { clearFactors, factorText, shareText } from '../common-factors.ts'
import { TRAIT_TITLES } from '../trait-titles.ts'
import { PROFILE_TITLES } from '../words.ts'
import { Empty } from './answer-state.tsx'
import { Card } from './card.tsx'
import { Name } from './name.tsx'

type Factor = Overview['common'][number]

const MOST_CAUSES = 5
const MOST_FACTORS = 6

/** Why desktops fail, and what the failed ones have in common, clearly more often than working ones. */
export function Common({
  overview: { common, causes, sessions },
}: {
  readonly overview: Pick<Overview, 'common' | 'causes' | 'sessions'>
}) {
  const shared = causes
    .filter(({ desktops, common: own }) => desktops > 1 || own.length > 0)
    .slice(0, MOST_CAUSES)
  const named = new Set(shared.flatMap(({ common: own }) => own.map(keyOf)))
  const clear = clearFactors(common, sessions).filter((factor) => !named.has(keyOf(factor)))
  return (
    <Card title="What failed desktops have in common">
      {clear.length + shared.length === 0 ? (
        <Empty title="Nothing stands out" icon="check" />
      ) : (
        <ul class="common">
          {shared.map((cause) => (
            <Cause key={`cause:${cause.rule_id}:${cause.title}`} cause={cause} ready={sessions.ready ?? 0} />
          ))}
          {clear.slice(0, MOST_FACTORS).map((factor) => (
            <li key={keyOf(factor)}>
              <span class="common-what">
                <Trait factor={factor} />
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

function keyOf({ key, value }: Factor): string {
  return `${key}:${value}`
}

function Cause({ cause, ready }: { readonly cause: Overview['causes'][number]; readonly ready: number }) {
  const { rule_id, title, desktops, common } = cause
  return (
    <li>
      <span class="common-what">
        {rule_id === '' ? title : <a href={`/search?rule=${encodeURIComponent(rule_id)}`}>{title}</a>}
      </span>
      <span class="common-how">{desktops === 1 ? '1 desktop' : `${desktops} desktops`}</span>
      {common.map((factor) => (
        <span key={keyOf(factor)} class="common-share">
          <Trait factor={factor} /> {shareText(factor, desktops, ready)}
        </span>
      ))}
    </li>
  )
}

function Trait({ factor: { key, value } }: { readonly factor: Factor }) {
  const title = key === 'profile' ? (PROFILE_TITLES[value] ?? value) : value
  const target = key === 'owner' ? 'owner' : 'q'
  return (
    <>
      <span class="dim">{TRAIT_TITLES[key] ?? key}</span>{' '}
      <a href={`/sessions?${target}=${encodeURIComponent(value)}`}>
        <Name of={title} />
      </a>
    </>
  )
}

import type { ComponentChildren } from 'preact'
import type { Comparison } from '../answers.ts'
import { phaseRows } from '../compared-phases.ts'
import { TRAIT_TITLES } from '../trait-titles.ts'
import { oneLine } from '../visible-text.ts'
import { counted, PHASE_STATE_WORDS, PHASE_TITLES, PROFILE_TITLES, STATUS_WORDS, wordOf } from '../words.ts'
import { Icon } from './icon.tsx'
import { Name } from './name.tsx'

type Difference = Comparison['items'][number]

/** The phases of both side by side, then the differences by kind. */
export function CompareTables({ comparison: { a, b, items, missing } }: { readonly comparison: Comparison }) {
  const of = (...whats: readonly Difference['what'][]) => items.filter(({ what }) => whats.includes(what))
  const rules = of('rule')
  const lines = of('line')
  const [here, there] = [a, b].map((side) =>
    a.session === b.session ? `attempt ${side.attempt}` : side.session,
  ) as [string, string]
  return (
    <div class="compared">
      <Rows title="Phases" heads={['Phase', here, there, 'Difference']}>
        {phaseRows(a.phases, b.phases).map((row) => (
          <tr key={row.phase} class={row.isApart ? 'is-apart' : ''}>
            <th scope="row">{PHASE_TITLES[row.phase] ?? row.phase}</th>
            <Phase cell={row.here} />
            <Phase cell={row.there} />
            <td>{row.difference}</td>
          </tr>
        ))}
      </Rows>
      <TraitDifferences differences={of('status', 'profile', 'version')} heads={['What', here, there]} />
      <Only title="Failures only here" differences={rules.filter((difference) => difference.b === '0')} />
      <Only title="Failures only there" differences={rules.filter((difference) => difference.a === '0')} />
      <Missing steps={missing} />
      <Only
        title="Lines without a rule, only here"
        differences={lines.filter((difference) => difference.b === '0')}
      />
      <Only
        title="Lines without a rule, only there"
        differences={lines.filter((difference) => difference.a === '0')}
      />
      {items.length === 0 && missing.length === 0 && <p class="dim">They do not differ.</p>}
    </div>
  )
}

function Rows({
  title,
  heads,
  children,
}: {
  readonly title: string
  readonly heads: readonly string[]
  readonly children: ComponentChildren
}) {
  return (
    <section class="table-plain" aria-label={title}>
      <h3>{title}</h3>
      <table class="plain-table compared-table">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                <Name of={head} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  )
}

function Phase({ cell }: { readonly cell: { readonly state: string; readonly took: string } }) {
  const word = wordOf(PHASE_STATE_WORDS, cell.state)
  return (
    <td>
      <span class={`tag tag-bare tone-${word.tone}`}>
        <Icon name={word.icon} size={13} /> {cell.took === '' ? word.title : cell.took}
        {cell.took !== '' && <span class="visually-hidden">{word.title}</span>}
      </span>
    </td>
  )
}

function Only({
  title,
  differences,
}: {
  readonly title: string
  readonly differences: readonly Difference[]
}) {
  if (differences.length === 0) return null
  return (
    <details class="folded" open={title.endsWith('here') && differences.length <= 8}>
      <summary>
        {title}: {differences.length}
      </summary>
      <ul>
        {differences.map(({ what, of, title: name, a, b }) => (
          <li key={of}>
            {what === 'rule' && of !== '' ? (
              <a href={`/rules/${encodeURIComponent(of)}`}>{name ?? of}</a>
            ) : (
              <code>
                <bdi>{oneLine(of, 200) || 'a failure that no rule explains'}</bdi>
              </code>
            )}{' '}
            <span class="dim">× {a === '0' ? b : a}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}

function wordFor({ what }: Difference, value: string): string {
  if (what === 'status') return wordOf(STATUS_WORDS, value).title
  return what === 'profile' ? (PROFILE_TITLES[value] ?? value) : value
}

/** How the two differ in their state, their product generation and their versions. */
function TraitDifferences({
  differences,
  heads,
}: {
  readonly differences: readonly Difference[]
  readonly heads: readonly string[]
}) {
  if (differences.length === 0) return null
  return (
    <Rows title="State and versions that differ" heads={heads}>
      {differences.map((difference) => (
        <tr key={difference.of}>
          <th scope="row">{TRAIT_TITLES[difference.of] ?? difference.of}</th>
          <td>{wordFor(difference, difference.a)}</td>
          <td>{wordFor(difference, difference.b)}</td>
        </tr>
      ))}
    </Rows>
  )
}

/** The steps that the other desktop has gone through, and this one has not. */
function Missing({ steps }: { readonly steps: Comparison['missing'] }) {
  if (steps.length === 0) return null
  return (
    <details class="folded">
      <summary>{counted(steps.length, 'expected step')} missing here</summary>
      <ul>
        {steps.map(({ rule_id, title, phase }) => (
          <li key={rule_id}>
            <a href={`/rules/${encodeURIComponent(rule_id)}`}>{title}</a>{' '}
            <span class="dim">{PHASE_TITLES[phase] ?? phase}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}

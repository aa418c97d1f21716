import type { ComponentChildren } from 'preact'
import type { ServiceStatus } from '../answers.ts'
import { counted } from '../words.ts'
import { Empty } from './answer-state.tsx'
import { Card } from './card.tsx'
import { FullTime } from './moment.tsx'

/** What the store says of itself, as far as the page shows it. */
export type StoreFacts = {
  readonly version: string
  readonly retention_days: number
}

/** What runs and since when: the program, its rules, and the store with its retention. What is not known is left out. */
export function VersionsCard({
  now,
  facts,
}: {
  readonly now: ServiceStatus
  readonly facts: StoreFacts | undefined
}) {
  const rows: readonly (readonly [string, ComponentChildren])[] = [
    ['dcvlens', now.version],
    ['Rules', now.rules === undefined ? undefined : `${now.rules.count} rules, set ${now.rules.version}`],
    ['Node', now.node],
    ['ClickHouse', facts?.version],
    ['Lines are kept', facts === undefined ? undefined : counted(facts.retention_days, 'day')],
    ['Started', now.started_at === undefined ? undefined : <FullTime iso={now.started_at} />],
  ]
  const known = rows.filter(([, value]) => value !== undefined)
  if (known.length === 0) return <Empty title="No versions known" icon="question" />
  return (
    <Card title="Versions">
      <dl class="facts">
        {known.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </Card>
  )
}

import type { Overview } from '../answers.ts'
import { sessionPath } from '../url-state.ts'
import { Card } from './card.tsx'
import { Name } from './name.tsx'
import { TimesSeen } from './times-seen.tsx'

/** What keeps happening on a desktop or in its cluster; nothing if nothing does. */
export function Repeating({ findings }: { readonly findings: NonNullable<Overview['findings']> }) {
  if (findings.length === 0) return null
  return (
    <Card title="Again and again">
      <ul class="common">
        {findings.slice(0, 6).map(({ rule_id, title, session, cluster, count, first_seen, last_seen }) => (
          <li key={`${rule_id}:${session ?? cluster}:${first_seen}`}>
            <span class="common-what">
              {session === undefined ? (
                <span class="dim">
                  <Name of={cluster || 'the cluster'} />
                </span>
              ) : (
                <a href={sessionPath(session)}>
                  <Name of={session} />
                </a>
              )}{' '}
              <a href={`/rules/${encodeURIComponent(rule_id)}`}>{title}</a>
            </span>
            <TimesSeen count={count} last={last_seen} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

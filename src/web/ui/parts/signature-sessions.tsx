import type { SignatureDetail } from '../answers.ts'
import { sessionPath } from '../url-state.ts'
import { Card } from './card.tsx'
import { Name } from './name.tsx'

/** Desktops with this signature. */
export function SignatureSessions({
  signature: { sessions, session_count },
}: {
  readonly signature: SignatureDetail
}) {
  if (sessions.length === 0) return null
  const more = session_count - sessions.length
  return (
    <Card title="Affected desktops" aside={more > 0 && <span class="dim">and {more} more</span>}>
      <ul class="elsewhere">
        {sessions.map((session) => (
          <li key={session}>
            <a href={sessionPath(session)}>
              <Name of={session} />
            </a>
          </li>
        ))}
      </ul>
    </Card>
  )
}

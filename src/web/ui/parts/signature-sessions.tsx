import type { SignatureDetail } from '../answers.ts'
import { sessionPath } from '../url-state.ts'
import { STATUS_WORDS, wordOf } from '../words.ts'
import { Card } from './card.tsx'
import { WordTag } from './word-tag.tsx'

/** Desktops that have a signature. */
export function SignatureSessions({ signature: { sessions } }: { readonly signature: SignatureDetail }) {
  if (sessions === undefined || typeof sessions === 'number' || sessions.length === 0) return null
  return (
    <Card title="Desktops that have it">
      <ul class="elsewhere">
        {sessions.map((one) => {
          const { session, status, count } =
            typeof one === 'string' ? { session: one, status: undefined, count: undefined } : one
          return (
            <li key={session}>
              <a href={sessionPath(session)}>
                <bdi>{session}</bdi>
              </a>
              <span class="dim">
                {count !== undefined && `× ${count} `}
                {status !== undefined && <WordTag word={wordOf(STATUS_WORDS, status)} isBare />}
              </span>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}

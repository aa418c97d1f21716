import type { Overview } from '../answers.ts'
import { sessionPath } from '../url-state.ts'
import { STATUS_WORDS, wordOf } from '../words.ts'
import { Card } from './card.tsx'
import { Name } from './name.tsx'
import { WordTag } from './word-tag.tsx'

const SHOWN = 6

/** Desktops of which the portal says something else than their logs; nothing if there are none. */
export function Disagreements({ desktops }: { readonly desktops: Overview['disagreements'] }) {
  if (desktops.length === 0) return null
  return (
    <Card title="Portal and logs disagree">
      <ul class="side-list">
        {desktops.slice(0, SHOWN).map(({ session, cluster, status, portal_state, text }) => (
          <li key={`${cluster}:${session}`} title={text}>
            <a href={sessionPath(session)}>
              <Name of={session} />
            </a>
            <span class="disagreement dim">
              logs <WordTag word={wordOf(STATUS_WORDS, status)} /> portal{' '}
              {portal_state === '' ? (
                'has no row of it'
              ) : (
                <strong>
                  <Name of={portal_state} />
                </strong>
              )}
            </span>
          </li>
        ))}
      </ul>
      {desktops.length > SHOWN && <p class="dim">and {desktops.length - SHOWN} more</p>}
    </Card>
  )
}

import { useMemo } from 'preact/hooks'
import type { DiagnosisJson } from '../../../triage/diagnosis/diagnosis-json.ts'
import { visible } from '../../../triage/visible.ts'
import type { Items } from '../answers.ts'
import { rowsOfAttempt } from '../attempt-rows.ts'
import { failuresIn } from '../failures.ts'
import { AnswerState, Empty } from '../parts/answer-state.tsx'
import { AttemptTable } from '../parts/attempt-table.tsx'
import { CompareCard } from '../parts/compare-card.tsx'
import { Name } from '../parts/name.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { PhaseBar } from '../parts/phase-bar.tsx'
import { ReportButton } from '../parts/report-button.tsx'
import { StoryView } from '../parts/story-view.tsx'
import { VerdictCard } from '../parts/verdict.tsx'
import { WordTag } from '../parts/word-tag.tsx'
import { WrongAddress } from '../parts/wrong-address.tsx'
import { changeQuery, usePlace } from '../router.ts'
import { useAnswer } from '../use-answer.ts'
import { useStory } from '../use-story.ts'
import { PROFILE_TITLES, STATUS_WORDS, wordOf } from '../words.ts'

/** One desktop: the verdict, its phases, and everything that was written about it. */
export function SessionPage({ session }: { readonly session: string }) {
  const { query } = usePlace()
  const found = useAnswer<Items<DiagnosisJson>>('diagnose', { session })
  const isWhole = query['lines'] !== 'events'
  const story = useStory(session, isWhole)
  const attempts = found.data?.items ?? []
  const asked = query['attempt']
  const chosen = attempts.find(({ attempt }) => String(attempt) === asked) ?? attempts.at(-1)
  const events = useMemo(() => story.rows ?? [], [story.rows])
  const errors = useMemo(
    () => (chosen === undefined ? 0 : failuresIn(rowsOfAttempt(events, attempts, chosen.attempt))),
    [events, attempts, chosen],
  )
  return (
    <>
      <PageHead title={session} lead={chosen === undefined ? undefined : <About diagnosis={chosen} />}>
        {chosen !== undefined && <ReportButton diagnoses={attempts} events={events} />}
      </PageHead>
      <AnswerState answer={found} rows={8}>
        {() =>
          chosen === undefined ? (
            <Empty title="No desktop of this name is known" icon="question">
              <p>It may have no log yet, or its lines are older than what is kept.</p>
              <a href="/sessions">All desktops</a>
            </Empty>
          ) : (
            <>
              {asked !== undefined && String(chosen.attempt) !== asked && (
                <WrongAddress
                  text={`This desktop has no attempt ${visible(asked)}; below is the last of ${attempts.length}`}
                  remedy="Stay with the last attempt"
                  change={{ attempt: undefined }}
                />
              )}
              <AttemptTable attempts={attempts} chosen={chosen} />
              <VerdictCard diagnosis={chosen} errors={errors} />
              <PhaseBar
                phases={chosen.phases}
                label="phases of this desktop"
                onPick={({ start, end }) => changeQuery({ from: start, to: end })}
              />
              <CompareCard diagnosis={chosen} attempts={attempts} />
              <StoryView story={story} attempts={attempts} diagnosis={chosen} isWhole={isWhole} />
            </>
          )
        }
      </AnswerState>
    </>
  )
}

function About({ diagnosis }: { readonly diagnosis: DiagnosisJson }) {
  const { session, status, host, instance, cluster, profile, os } = diagnosis
  return (
    <span class="about">
      <WordTag word={wordOf(STATUS_WORDS, status)} />
      {[
        host === session ? '' : host,
        instance,
        cluster,
        PROFILE_TITLES[profile] ?? profile,
        os === 'windows' ? 'Windows' : 'Linux',
      ]
        .filter((part) => part !== '')
        .map((part) => (
          <span key={part} class="about-part">
            <Name of={part} />
          </span>
        ))}
    </span>
  )
}

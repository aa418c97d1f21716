import type { SignatureDetails } from '../../../store/alert-query.ts'
import type { DiagnosisJson } from '../../diagnosis/diagnosis-json.ts'
import { plural } from './notice-words.ts'

type Failure = Pick<SignatureDetails, 'session_names' | 'first_ms' | 'last_ms'>

/**
 * What is known around a failure whose own cause no rule knows: how many of its desktops failed, for which known reason, and in
 * which phase it came; '' if none of its desktops was diagnosed. Only counts what was seen, and infers no cause from it.
 */
export function circumstancesOf(failure: Failure, diagnoses: readonly DiagnosisJson[]): string {
  const lives = failure.session_names.flatMap(
    (name) => diagnoses.findLast(({ session }) => session === name) ?? [],
  )
  if (lives.length === 0) return ''
  const failed = lives.filter(({ status }) => status === 'failed')
  const told = [...reasonsOf(failed)].map(([title, count]) => `${count} × ${title}`)
  const reasons = told.length === 0 ? '' : ` (${told.join('; ')})`
  const fate = `${failed.length} of ${plural(lives.length, 'desktop')} with it failed${reasons}`
  const [phase, ...others] = new Set(lives.flatMap((life) => phasesAt(life, failure)))
  return `${fate}${phase === undefined || others.length > 0 ? '' : `; it came in phase ${phase}`}.`
}

/** Titles of the rules that the verdicts name, most frequent first. */
function reasonsOf(failed: readonly DiagnosisJson[]): [title: string, count: number][] {
  const counts = new Map<string, number>()
  for (const { verdict } of failed) {
    if (verdict === undefined || verdict.rule_id === '') continue
    counts.set(verdict.title, (counts.get(verdict.title) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])
}

/** The phases that were under way when the failure was seen first or last. */
function phasesAt({ phases }: DiagnosisJson, { first_ms, last_ms }: Failure): string[] {
  return phases
    .filter(({ start, end }) => {
      if (start === undefined) return false
      const [from, to] = [Date.parse(start), end === undefined ? Infinity : Date.parse(end)]
      return [first_ms, last_ms].some((ms) => from <= ms && ms <= to)
    })
    .map(({ phase }) => phase)
}

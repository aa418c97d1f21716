import { draftFrom, GAPS } from '../../interpret/draft.ts'
import type { Interpret } from '../../interpret/interpret.ts'
import { oneRecord } from '../../interpret/one-record.ts'
import { Slug } from '../../interpret/rule-parts.ts'
import { messageOf } from '../../store/event-row.ts'
import { toYaml } from '../../yaml-file.ts'

/** What a rule is drafted from, besides the example. */
export type DraftWish = {
  readonly id?: string | undefined
  /** The template of the example, if known. */
  readonly template?: string | undefined
  /** Ids that are in use. */
  readonly taken: readonly string[]
}

/**
 * YAML of a rule that matches a line, with gaps for what only a person knows. Undefined if the line has no text to search by.
 */
export function draftRule(line: string, wish: DraftWish, interpret: Interpret): string | undefined {
  const place = { source: 'generic', profile: 'host', format: 'generic' }
  const message = messageOf(interpret(oneRecord(line, place)), 0)
  const draft = draftFrom(message, wish.template)
  if (draft.literal === '') return undefined
  return toYaml({
    id: wish.id ?? freeId(draft.id, wish.taken),
    version: 1,
    status: 'draft',
    title: GAPS.title,
    severity: 'error',
    layer: 'environment',
    phase: 'setup',
    match: { literal: draft.literal, regex: draft.regex },
    ...(Object.keys(draft.captures).length > 0 ? { captures: draft.captures } : {}),
    explain: GAPS.explain,
    remedy: [GAPS.remedy],
    provenance: 'observed',
    samples: {
      match: [{ line: message, captures: draft.values }],
      no_match: [GAPS.nearMiss],
    },
  })
}

/** Says why a new rule cannot have this id, and what to do; undefined if it can. */
export function idFault(id: string, taken: readonly string[]) {
  if (!Slug.safeParse(id).success) {
    return {
      text: `${id} is no id of a rule`,
      hint: 'Use small letters, digits and single dashes: disk-full.',
    }
  }
  if (taken.includes(id)) {
    return {
      text: `there is a rule ${id} already`,
      hint: 'Take another id; `dcvlens rules show ID` tells all of that one.',
    }
  }
  return undefined
}

/** Why no rule can be drafted from a line, and what to do. */
export const NO_DRAFT = {
  text: 'the line has no run of 7 characters that would be the same next time',
  hint: 'Take a longer line, or write the rule by hand.',
} as const

function freeId(id: string, taken: readonly string[]): string {
  let free = id
  for (let n = 2; taken.includes(free); n++) free = `${id}-${n}`
  return free
}

import type { EventJson } from '../../../event-json.ts'
import { grouped } from '../../grouped.ts'
import { compareByPlace } from '../story.ts'
import type { Draft } from './draft.ts'
import { isUuid, tokensOfEvent } from './tokens.ts'

/** Events of this rule name the instance that wrote them. */
export const INSTANCE = 'host-instance-named'

/**
 * The attempts whose logs share one folder, oldest first. Up to 2.7.5, a desktop that is created again and gets the address
 * of the previous one appends to the same files. Each run of a script starts with the same words, and some scripts name their
 * instance.
 */
export function attemptsInFolder(draft: Draft): readonly Draft[] {
  const files = [...grouped(draft.events.toSorted(compareByPlace), ({ file }) => file).values()]
  const sections = files.map(sectionsOf)
  const order = instancesIn(sections)
  if (order.length < 2) return [draft]
  const labelled = sections
    .map((runs) => runs.map(instanceOf))
    .filter((labels) => !labels.includes(undefined))
  const events = new Map(order.map((instance): [string, EventJson[]] => [instance, []]))
  for (const runs of sections) {
    // A script that names no instance is matched with one that ran equally often; otherwise its runs are counted back from
    // the last.
    const labels = labelled.find(({ length }) => length === runs.length) ?? order
    runs.forEach((section, index) => {
      const label = instanceOf(section) ?? labels.at(index - runs.length) ?? order[0]
      events.get(label ?? '')?.push(...section)
    })
  }
  const idsOf = new Map([...events].map(([instance, own]) => [instance, [instance, ...own.flatMap(idsIn)]]))
  return order.map((instance) => {
    const ofInstance = events.get(instance) ?? []
    const written = new Set(ofInstance.map(({ file }) => file))
    const own = new Set(idsOf.get(instance))
    const others = new Set(order.flatMap((other) => idsOf.get(other) ?? []).filter((id) => !own.has(id)))
    return {
      ...draft,
      files: draft.files.filter(({ file }) => written.has(file) || instance === order.at(-1)),
      events: ofInstance,
      tokens: new Set([...draft.tokens].filter((token) => !others.has(token))),
    }
  })
}

/** The ids of sessions that an event names: each attempt creates its own. */
function idsIn(event: EventJson): string[] {
  return tokensOfEvent(event).filter(isUuid)
}

/** Splits the events of one file into runs: each run starts with the same words as the first one. */
function sectionsOf(events: readonly EventJson[]): EventJson[][] {
  const first = events.find(({ kind }) => kind === 'milestone')
  const sections: EventJson[][] = [[]]
  for (const event of events) {
    const begins = first !== undefined && event !== first && isAlike(event, first)
    if (begins) sections.push([])
    sections.at(-1)?.push(event)
  }
  return sections
}

function isAlike(a: EventJson, b: EventJson): boolean {
  return a.rule_id === b.rule_id && opening(a) === opening(b)
}

/** The first two words of a message. */
function opening({ message }: EventJson): string {
  return message.split(/\s+/, 2).join(' ')
}

function instancesIn(sections: readonly (readonly EventJson[][])[]): string[] {
  const longest = sections
    .map((runs) => [...new Set(runs.flatMap((section) => instanceOf(section) ?? []))])
    .sort((a, b) => b.length - a.length)
  return longest[0] ?? []
}

function instanceOf(section: readonly EventJson[]): string | undefined {
  const named = section.find(({ rule_id }) => rule_id === INSTANCE)?.captures
  return named?.['instance'] ?? named?.['named']
}

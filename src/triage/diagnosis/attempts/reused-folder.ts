import type { EventJson } from '../../../event-json.ts'
import { grouped } from '../../grouped.ts'
import { compareByPlace } from '../story.ts'
import type { Draft } from './draft.ts'

/** Its events name the instance that wrote them. */
const INSTANCE = 'host-instance-named'

/**
 * The attempts whose logs stand in one folder, the first one first: up to 2.7.5 a desktop that is made anew, and gets the
 * address of the one before, adds to its files. Each script begins with the same words, and some name their instance.
 */
export function attemptsInFolder(draft: Draft): readonly Draft[] {
  const files = [...grouped(draft.events.toSorted(compareByPlace), ({ file }) => file).values()]
  const sections = files.map(sectionsOf)
  const order = instancesIn(sections)
  if (order.length < 2) return [draft]
  const labelled = sections.map((own) => own.map(instanceOf)).filter((own) => !own.includes(undefined))
  const events = new Map(order.map((instance): [string, EventJson[]] => [instance, []]))
  for (const own of sections) {
    // A script that names no instance ran with one that does as often; else it is counted from the last one back.
    const labels = labelled.find(({ length }) => length === own.length) ?? order
    own.forEach((section, index) => {
      const label = instanceOf(section) ?? labels.at(index - own.length) ?? order[0]
      events.get(label ?? '')?.push(...section)
    })
  }
  return order.map((instance) => {
    const own = events.get(instance) ?? []
    const written = new Set(own.map(({ file }) => file))
    const others = new Set(order.filter((other) => other !== instance))
    return {
      ...draft,
      files: draft.files.filter(({ file }) => written.has(file) || instance === order.at(-1)),
      events: own,
      tokens: new Set([...draft.tokens].filter((token) => !others.has(token))),
    }
  })
}

/** The events of one file by run: each begins with the words that the first one begins with. */
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

/** The first two words. */
function opening({ message }: EventJson): string {
  return message.split(/\s+/, 2).join(' ')
}

function instancesIn(sections: readonly (readonly EventJson[][])[]): string[] {
  const longest = sections
    .map((own) => [...new Set(own.flatMap((section) => instanceOf(section) ?? []))])
    .sort((a, b) => b.length - a.length)
  return longest[0] ?? []
}

function instanceOf(section: readonly EventJson[]): string | undefined {
  const named = section.find(({ rule_id }) => rule_id === INSTANCE)?.captures
  return named?.['instance'] ?? named?.['named']
}

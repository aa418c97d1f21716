import type { EventJson } from '../../event-json.ts'

/**
 * What is needed of a diagnosed attempt: the name of its desktop, and the events that rules made of several of its events.
 */
type Attempt = { readonly diagnosis: { readonly session: string }; readonly made: readonly EventJson[] }

/** The events that rules made, and the names of desktops that turned out to own one of the hosts asked for. */
type Made = { readonly events: readonly EventJson[]; readonly others: readonly string[] }

/**
 * What is made of the events of these desktops and hosts. A host that turns out to be a desktop's gives only the name of the
 * desktop: all that was written of it is known to who asks for it by its name.
 */
export function madeOf(names: readonly string[], attemptsOf: (name: string) => readonly Attempt[]): Made {
  const attempts = names.flatMap((name) => attemptsOf(name).map((attempt) => ({ ...attempt, name })))
  const isNamed = ({ diagnosis, name }: (typeof attempts)[number]) => diagnosis.session === name
  return {
    events: attempts.filter(isNamed).flatMap(({ made }) => made),
    others: attempts.filter((attempt) => !isNamed(attempt)).map(({ diagnosis }) => diagnosis.session),
  }
}

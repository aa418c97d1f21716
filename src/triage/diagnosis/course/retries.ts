import type { EventJson } from '../../../event-json.ts'
import type { Mark } from './course.ts'
import type { Retry } from './phase-model.ts'

/** The failures of a repeated try in one file: `last` are those of the current try, `before` those of all earlier ones. */
type Tries = { before: Mark[]; last: Mark[] }

/** Finds failures that a later try made good: in one file, the script says that it tries again, and later that it is done. */
export class Retries {
  readonly #retries: readonly Retry[]
  readonly #open = new Map<string, Tries>()

  constructor(retries: readonly Retry[]) {
    this.#retries = retries
  }

  /** Takes the next event; returns the failures that it makes good. */
  take({ rule_id = '', file }: EventJson): readonly Mark[] {
    return this.#retries.flatMap(({ begin, again, done }) => {
      const tries = this.#triesOf(begin, file)
      if (rule_id === again) {
        tries.before.push(...tries.last.splice(0))
      } else if (rule_id === begin || rule_id === done) {
        // Failures of the last try stay failures.
        const good = rule_id === done && tries.last.length === 0 ? tries.before : []
        if (rule_id === done || tries.last.length > 0)
          this.#open.set(keyOf(begin, file), { before: [], last: [] })
        return good
      }
      return []
    })
  }

  /** Notes a failure; it belongs to the current try of whatever is tried in its file. */
  failed(mark: Mark): void {
    for (const { begin } of this.#retries) this.#triesOf(begin, mark.event.file).last.push(mark)
  }

  #triesOf(begin: string, file: string): Tries {
    const key = keyOf(begin, file)
    const known = this.#open.get(key)
    if (known !== undefined) return known
    const tries: Tries = { before: [], last: [] }
    this.#open.set(key, tries)
    return tries
  }
}

function keyOf(begin: string, file: string): string {
  return `${begin}\0${file}`
}

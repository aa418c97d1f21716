import type { Clock } from '../clock.ts'
import { answers, isWithin, networkMounts } from '../collect/mounts.ts'
import type { Config } from '../config.ts'
import type { Answers } from '../triage/portal/read-portal.ts'

const TIMEOUT_MS = 2000
/** An answer counts for this long. */
const KEPT_MS = 5000

/** Finds out whether the network file systems that a folder is in, or that are mounted below it, answer. */
export function networkAnswers(config: Config, clock: Clock): Answers {
  const asked = new Map<string, { readonly atMs: number; readonly answer: Promise<boolean> }>()
  const ask = (folder: string) => {
    const before = asked.get(folder)
    const now = clock.nowMs()
    if (before !== undefined && now >= before.atMs && now - before.atMs < KEPT_MS) return before.answer
    const answer = answers(folder, TIMEOUT_MS, clock)
    asked.set(folder, { atMs: now, answer })
    return answer
  }
  return async (path) => {
    const mounts = networkMounts(config.networkFolders).filter(
      ({ folder }) => isWithin(path, folder) || isWithin(folder, path),
    )
    return (await Promise.all(mounts.map(({ folder }) => ask(folder)))).every(Boolean)
  }
}

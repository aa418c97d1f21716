import type { Clock } from '../clock.ts'
import { answers, isWithin, networkMounts } from '../collect/mounts.ts'
import type { Config } from '../config.ts'
import type { Answers } from '../triage/portal/read-portal.ts'

const TIMEOUT_MS = 2000
/** A file system that did not answer is not asked again for this long. */
const SILENT_MS = 5000
/** An answer counts only this briefly: reading from a file system that has just gone blocks the whole process. */
const ANSWERED_MS = 500

/** Finds out whether the network file systems that contain a folder, or are mounted below it, answer. */
export function networkAnswers(config: Config, clock: Clock): Answers {
  const asked = new Map<
    string,
    { readonly fromMs: number; untilMs: number; readonly answer: Promise<boolean> }
  >()
  const ask = (folder: string) => {
    const before = asked.get(folder)
    const now = clock.nowMs()
    if (before !== undefined && now >= before.fromMs && now < before.untilMs) return before.answer
    const answer = answers(folder, TIMEOUT_MS, clock)
    const kept = { fromMs: now, untilMs: now + SILENT_MS, answer }
    asked.set(folder, kept)
    return answer.then((isThere) => {
      if (isThere) kept.untilMs = now + ANSWERED_MS
      return isThere
    })
  }
  return async (path) => {
    const mounts = networkMounts(config.networkFolders).filter(
      ({ folder }) => isWithin(path, folder) || isWithin(folder, path),
    )
    return (await Promise.all(mounts.map(({ folder }) => ask(folder)))).every(Boolean)
  }
}

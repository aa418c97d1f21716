import { failureIn } from './protected-words.ts'

/** The name of a thing, in capitals after an article: `The Windows Update service`, `the Group (old) settings`. */
const NAME = /(?<=\b[Tt]he )(?:[A-Z][\w-]*(?: \([\w ]{1,40}\))? ){2,8}(?=[a-z])/g
const HOLDS_NAME = /[Tt]he [A-Z][\w-]* [A-Z(]/

/** A line with each name of several words replaced by a mask, unless the line tells of a failure: then it may say what failed. */
export function withoutNames(line: string): string {
  return HOLDS_NAME.test(line) && !failureIn(line) ? line.replace(NAME, '<*> ') : line
}

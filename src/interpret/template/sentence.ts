import { failureIn } from './protected-words.ts'

/** Three words in lower case, one after another. */
const SENTENCE = /(?<![\w-])[a-z]+ [a-z]+ [a-z]+(?![\w-])/

/** Does a text tell something, rather than name a thing? A failure can be told in words that nobody has listed. */
export function tellsSomething(text: string): boolean {
  return SENTENCE.test(text) || failureIn(text)
}

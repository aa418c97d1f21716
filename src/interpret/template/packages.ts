/** The name of a program by the reversed name of its maker, as in `com.example.Agent`, but none of an exception. */
const PACKAGE = /^(?:com|net|org|io|cn)\.[a-z]\w*(?:\.\w+)*$/
const OF_EXCEPTION = /(?:Exception|Error)$/

/** Does a word name a program, as programs for users are named? */
export function isPackage(word: string): boolean {
  return word.includes('.') && PACKAGE.test(word) && !OF_EXCEPTION.test(word)
}

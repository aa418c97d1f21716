/**
 * A text of at most about `mostChars` characters (UTF-16 units); of a longer one the beginning, with how much is left out and
 * where it can be read. A character is never cut in two.
 */
export function cutText(text: string, mostChars: number, where: string): string {
  if (text.length <= mostChars) return text
  const isInside = /[\ud800-\udbff]/.test(text.charAt(mostChars - 1))
  const shown = text.slice(0, isInside ? mostChars - 1 : mostChars)
  return `${shown}… (${(text.length - shown.length).toLocaleString('en')} more characters; ${where})`
}

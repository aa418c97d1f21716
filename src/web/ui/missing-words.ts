/** At most this many alternatives of an explanation are named. */
const ALTERNATIVES = 4
const WORDS = 6
const LEAST_CHARS = 4

type Part = { readonly kind: string; readonly wanted: string; readonly holds: boolean }

/** The words that a line would need for a rule to match it, and does not have. */
export function missingWords(parts: readonly Part[], line: string): string[] {
  const text = line.toLowerCase()
  const words = parts
    .filter(({ holds }) => !holds)
    .flatMap(({ kind, wanted }) =>
      kind === 'literal'
        ? [alternatives(wanted)]
        : fixedWords(wanted).filter((word) => !text.includes(word.toLowerCase())),
    )
  return [...new Set(words)].slice(0, WORDS)
}

function alternatives(wanted: string): string {
  const all = wanted.split(' | ')
  return all.length <= ALTERNATIVES
    ? all.join(' or ')
    : `${all.slice(0, ALTERNATIVES).join(' or ')} or another`
}

/** The fixed words of a regular expression: runs of letters and blanks outside its operators. */
function fixedWords(regex: string): string[] {
  return regex
    .replaceAll(/\(\?<?[\w=!]*>?:?/g, '\0')
    .replaceAll(/\[[^\]]*\]|\{[\d,]*\}|\\[A-Za-z]/g, '\0')
    .replaceAll(/\\(.)/g, '$1')
    .split(/[\0()|?*+^$]+/)
    .map((word) => word.replaceAll(/^[\s:.,/]+|[\s/]+$/g, ''))
    .filter((word) => word.length >= LEAST_CHARS && /[A-Za-z]{3}/.test(word))
}

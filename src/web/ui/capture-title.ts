/** Words that are written in capitals. */
const ACRONYMS = new Set([
  'id',
  'ip',
  'dns',
  'dcv',
  'gpu',
  'os',
  'url',
  'arn',
  'ami',
  'uid',
  'gid',
  'pid',
  'http',
  'api',
  'az',
])

/** The name of a capture in words: `client_ip` is `Client IP`. */
export function captureTitle(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[_\s]+/)
    .filter(Boolean)
    .map((word) => (ACRONYMS.has(word) ? word.toUpperCase() : word))
  const text = words.join(' ')
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

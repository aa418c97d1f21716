import { answerOf, errorAnswer, type ProbeAnswer, shownAddress } from './answer.ts'

const STATUS_LINE = /^\s*HTTP\/[\d.]+ \d{3}\b/
/** A proxy on the way says this before the answer that counts. */
const OF_PROXY = /\bconnection established\b/i
/** With `-s -v`, curl says only among its remarks why there is no answer. */
const TROUBLE = /could not resolve host|connection refused|timed out|connection reset|ssl\b.*\berror/i

/**
 * Reads what `curl -k -I` printed, also with `-v`: the last answer, or curl's own error. Undefined if it contains neither.
 * Sent headers and remarks of `-v` are not read.
 */
export function readHeaders(text: string): ProbeAnswer | undefined {
  const written = text.split(/\r?\n/)
  const lines = written.filter((line) => !/^\s*[*>{}]/.test(line)).map((line) => line.replace(/^\s*< ?/, ''))
  const start = lines.findLastIndex((line) => STATUS_LINE.test(line) && !OF_PROXY.test(line))
  if (start < 0) return errorIn(written)
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => line.trim() === '')
  const headers = end < 0 ? rest : rest.slice(0, end)
  const header = (name: string) =>
    headers
      .find((line) => line.toLowerCase().trimStart().startsWith(`${name}:`))
      ?.split(/:(.*)/s)[1]
      ?.trim()
  return answerOf({
    status: Number(/ (\d{3})\b/.exec(lines[start] ?? '')?.[1]),
    server: header('server'),
    location: header('location'),
  })
}

/**
 * The address that was asked last, as `curl -v` prints it, without what may be a token in it; undefined if the text does not
 * say.
 */
export function askedAddress(text: string): string | undefined {
  const sent = text.split(/\r?\n/).flatMap((line) => /^\s*> ?(.*)$/.exec(line)?.[1] ?? [])
  const path = sent.flatMap((line) => /^[A-Z]{3,7} (\/\S*) HTTP\//.exec(line)?.[1] ?? []).at(-1)
  const host = sent.flatMap((line) => /^host: (\S+)/i.exec(line)?.[1] ?? []).at(-1)
  const url = `https://${host}${path}`
  return host === undefined || path === undefined || !URL.canParse(url) ? undefined : shownAddress(url)
}

function errorIn(lines: readonly string[]): ProbeAnswer | undefined {
  const error = lines.find((line) => /^\s*curl: \(\d+\) /.test(line))
  if (error !== undefined) return errorAnswer(error)
  const remark = lines.filter((line) => /^\s*\*/.test(line)).findLast((line) => TROUBLE.test(line))
  const trouble = TROUBLE.exec(remark ?? '')?.[0]
  return trouble === undefined ? undefined : errorAnswer(trouble)
}

import type { ProbeAnswer } from './probe.ts'

/** Reads the output of `curl -k -I`: its last answer, or curl's own error. Undefined if it is neither. */
export function readHeaders(text: string): ProbeAnswer | undefined {
  const lines = text.split(/\r?\n/)
  const start = lines.findLastIndex((line) => /^\s*HTTP\/[\d.]+ \d{3}\b/.test(line))
  if (start < 0) {
    const error = lines.find((line) => /^\s*curl: \(\d+\) /.test(line))?.trim()
    return error === undefined ? undefined : { error }
  }
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => line.trim() === '')
  const headers = end < 0 ? rest : rest.slice(0, end)
  const header = (name: string) =>
    headers
      .find((line) => line.toLowerCase().trimStart().startsWith(`${name}:`))
      ?.split(/:(.*)/s)[1]
      ?.trim()
  const [server, location] = [header('server'), header('location')]
  return {
    status: Number(/ (\d{3})\b/.exec(lines[start] ?? '')?.[1]),
    ...(server === undefined ? {} : { server }),
    ...(location === undefined ? {} : { location }),
  }
}

const TOKEN = /\{\{(ms|us|sec|slash|syslog|rfc|date|dnf|epoch)\}\}/g
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

export type Span = { readonly fromMs: number; readonly toMs: number }

/** Puts times in place of the tokens of a text, line by line through the span; a lone line gets its begin. */
export function stamped(text: string, { fromMs, toMs }: Span): string {
  const lines = text.split('\n')
  const dated = lines.filter((line) => line.includes('{{')).length
  let seen = 0
  return lines
    .map((line) => {
      if (!line.includes('{{')) return line
      seen++
      // A little early, by uneven parts of the gap: never past the next line, never past the end.
      const early = ((seen * 61) % 97) / 128
      const share = dated === 1 ? 0 : (seen - early) / dated
      const timeMs = Math.floor(fromMs + (toMs - fromMs) * share)
      return line.replace(TOKEN, (_, token: string) => timeText(token, timeMs, seen))
    })
    .join('\n')
}

function timeText(token: string, timeMs: number, seen: number): string {
  const time = new Date(timeMs)
  const iso = time.toISOString()
  const second = iso.slice(0, 19).replace('T', ' ')
  const day = DAYS[time.getUTCDay()] ?? ''
  const month = MONTHS[time.getUTCMonth()] ?? ''
  const date = String(time.getUTCDate())
  const clock = iso.slice(11, 19)
  const year = iso.slice(0, 4)
  switch (token) {
    case 'ms':
      return `${second},${iso.slice(20, 23)}`
    case 'us':
      return `${second},${iso.slice(20, 23)}${String((timeMs * 7 + seen * 131) % 1000).padStart(3, '0')}`
    case 'sec':
      return second
    case 'slash':
      return second.replaceAll('-', '/')
    case 'syslog':
      return `${month} ${date.padStart(2)} ${clock}`
    case 'rfc':
      return `${day}, ${date.padStart(2, '0')} ${month} ${year} ${clock}`
    case 'date':
      return `${day} ${month} ${date.padStart(2)} ${clock} UTC ${year}`
    case 'dnf':
      return `${day} ${date.padStart(2, '0')} ${month} ${year} ${clock} UTC`
    default:
      return String(Math.floor(timeMs / 1000))
  }
}

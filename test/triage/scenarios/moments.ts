const BEGIN_MS = Date.parse('2026-05-04T08:00:00Z')

/** Every scenario is judged eight hours after its beginning. */
export const AS_OF = 480

export function msOf(minute: number): number {
  return BEGIN_MS + Math.round(minute * 60_000)
}

/** `2026-05-04 08:00:00`, as most logs have it. */
export function seconds(minute: number): string {
  return new Date(msOf(minute)).toISOString().slice(0, 19).replace('T', ' ')
}

/** `2026-05-04 08:00:00,000`. */
export function millis(minute: number): string {
  return new Date(msOf(minute)).toISOString().slice(0, 23).replace('T', ' ').replace('.', ',')
}

/** `May  4 08:00:00`, as syslog has it. */
export function syslog(minute: number): string {
  return `May  4 ${seconds(minute).slice(11)}`
}

/** `2026/05/04 08:00:00Z`, as EC2Launch has it. */
export function slashed(minute: number): string {
  return `${seconds(minute).replaceAll('-', '/')}Z`
}

/** The same as AWS writes it in the head of an answer. */
export function answeredAt(minute: number): string {
  return new Date(BEGIN_MS + minute * 60_000).toUTCString()
}

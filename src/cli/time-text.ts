/** An ISO time in the reader's zone (or in UTC), without fractions of a second. */
export function timeText(iso: string, utc: boolean): string {
  const date = new Date(iso)
  const shifted = utc ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 19).replace('T', ' ')
}

/** A text shortened to `mostChars` characters, with a mark where it was cut. */
export function excerpt(text: string, mostChars: number): string {
  return text.length > mostChars ? `${text.slice(0, mostChars)}…` : text
}

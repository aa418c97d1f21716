/** A text of at most so many characters; a mark says where it was cut. */
export function excerpt(text: string, mostChars: number): string {
  return text.length > mostChars ? `${text.slice(0, mostChars)}…` : text
}

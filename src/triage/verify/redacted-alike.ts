const MARK = /«redacted:[^»]*»/

/** Are two messages equal except for marks of redaction in either? */
export function differOnlyInRedaction(a: string, b: string): boolean {
  return isRedactedFrom(a, b) || isRedactedFrom(b, a)
}

/** Does the text contain the parts around the marks of `redacted`, in order? */
function isRedactedFrom(redacted: string, text: string): boolean {
  const parts = redacted.split(MARK)
  const last = parts.pop() ?? ''
  const [first = '', ...middle] = parts
  if (parts.length === 0 || !text.startsWith(first)) return false
  let at = first.length
  for (const part of middle) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}

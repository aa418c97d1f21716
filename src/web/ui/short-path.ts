const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const LEFT_OUT = '…'
/** The number of leading parts that name the product and the cluster: `/apps/soca/CLUSTER`. */
const HEAD = 4
const SHORT = 72

/** A folder, shortened: parts between the cluster and the owner, and ids, are left out; cluster, owner and host stay. */
export function shortFolder(path: string, owner: string): string {
  const parts = path.split('/').slice(0, -1)
  const at = owner === '' ? -1 : parts.indexOf(owner)
  if (at > HEAD) return joined([...parts.slice(0, HEAD), LEFT_OUT, ...parts.slice(at)])
  const whole = joined(parts)
  if (whole.length <= SHORT || parts.length <= HEAD + 2) return whole
  return joined([...parts.slice(0, HEAD), LEFT_OUT, ...parts.slice(-2)])
}

/** The last part of a path. */
export function fileName(path: string): string {
  return path.split('/').at(-1) ?? path
}

function joined(parts: readonly string[]): string {
  const shown = parts.map((part) => (UUID.test(part) ? LEFT_OUT : part))
  return shown.filter((part, i) => part !== LEFT_OUT || shown[i - 1] !== LEFT_OUT).join('/') || '/'
}

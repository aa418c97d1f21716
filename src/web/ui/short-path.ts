const UUID = /^([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** Folders at the beginning that name the product and the cluster: `/apps/soca/CLUSTER`. */
const HEAD = 4
const SHORT = 72

/**
 * A path as there is room for: what stands between the cluster and the owner is left out, and ids are cut; cluster, owner,
 * host and name stay.
 */
export function shortPath(path: string, owner: string): string {
  const parts = path.split('/').map((part) => part.replace(UUID, '$1…'))
  const at = owner === '' ? -1 : parts.indexOf(owner)
  if (at > HEAD) return [...parts.slice(0, HEAD), '…', ...parts.slice(at)].join('/')
  const whole = parts.join('/')
  if (whole.length <= SHORT || parts.length <= HEAD + 3) return whole
  return [...parts.slice(0, HEAD), '…', ...parts.slice(-3)].join('/')
}

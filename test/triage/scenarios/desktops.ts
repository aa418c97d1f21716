import { createHash } from 'node:crypto'

/** One instance of a desktop. */
export type Desktop = {
  readonly owner: string
  readonly session: string
  /** The first label of its DNS name, and its address. */
  readonly host: string
  readonly address: string
  readonly instance: string
  readonly uuid: string
  /** When it was asked for, in minutes after the beginning. */
  readonly begin: number
}

/** The desktop `owner/session` on the host of this address; ids follow from its name. */
export function desktop(name: string, address: string, begin: number): Desktop {
  const [owner = '', session = ''] = name.split('/')
  const hex = createHash('sha256').update(`${name} ${address}`).digest('hex')
  const host = `ip-${address.replaceAll('.', '-')}`
  return {
    ...{ owner, session, host, address, begin },
    instance: `i-0${hex.slice(0, 16)}`,
    uuid: uuidOf(hex),
  }
}

function uuidOf(hex: string): string {
  return `${hex.slice(16, 24)}-${hex.slice(24, 28)}-4${hex.slice(29, 32)}-8${hex.slice(33, 36)}-${hex.slice(36, 48)}`
}

import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { DataDir, ServiceAddress } from '../data-dir.ts'
import { usageError } from '../errors.ts'
import type { Access } from '../web/gate.ts'
import { isLoopback } from '../web/security.ts'
import type { ServeOptions } from './serve.ts'

/** Writes the address of this service for other commands: atomically, and readable by this user only. */
export function announce({ service }: DataDir, address: ServiceAddress): void {
  rmSync(`${service}.tmp`, { force: true })
  writeFileSync(`${service}.tmp`, JSON.stringify(address), { mode: 0o600 })
  renameSync(`${service}.tmp`, service)
}

/** The addresses to show; a service that listens on all of them also has the name of the machine. */
export function addressesText(url: string, host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return `${url}/`
  return `${url}/ from here, and on http://${hostname()}:${new URL(url).port}/ from elsewhere`
}

/** The address to listen on. Other machines are allowed only if everybody has to log in. */
export function listenAddress(
  { host, port }: ServeOptions,
  access: Access | undefined,
): { readonly host: string; readonly port: number } {
  const number = Number(port)
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    throw usageError('E_OPTION', `--port ${port} is not a port`, 'Use a number from 0 to 65535.')
  }
  if (host === '') throw usageError('E_OPTION', '--host is empty', 'Leave it out for this machine alone.')
  if (access === undefined && !isLoopback(host)) {
    throw usageError(
      'E_NO_AUTH',
      `--host ${host} would let everybody on the network read the logs`,
      'Say in the configuration who may (auth), or keep the default and put a proxy with authentication in front.',
    )
  }
  return { host, port: number }
}

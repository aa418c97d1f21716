import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

const FOLDER = import.meta.dirname
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"

/** What is served under a path. */
export type Served = {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** The built page: its assets, and the page itself for every path that is a view of it. Nothing where it is not built. */
export function pageFiles(): Served[] {
  if (!existsSync(join(FOLDER, 'index.html'))) return []
  const assets = readdirSync(join(FOLDER, 'assets')).map((name) => ({
    path: `/assets/${name}`,
    headers: {
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      'cache-control': 'max-age=31536000, immutable',
    },
    body: readFileSync(join(FOLDER, 'assets', name)),
  }))
  const body = readFileSync(join(FOLDER, 'index.html'))
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY }
  return [...assets, ...['/', '/:place', '/:place/*'].map((path) => ({ path, headers, body }))]
}

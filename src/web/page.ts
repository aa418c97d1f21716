import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { App, Reply, Request } from './app.ts'

/** The page, for addresses that are its own views. */
export type Page = { wants(request: Request): boolean; send(reply: Reply): Reply }

const NOT_BUILT = 'The page of dcvlens is not built (npm run build). The API is described at /api/docs.\n'
const OTHERS = /^\/(?:api|metrics|assets)(?:[/?]|$)/
/** The name of an asset changes with its content. */
const FOREVER = 'public, max-age=31536000, immutable'

/**
 * Serves the built page: the assets that exist at the start, and the page itself for every address that is one of its views.
 */
export async function addPage(app: App, folder: string): Promise<Page> {
  const index = join(folder, 'index.html')
  const html = existsSync(index) ? readFileSync(index) : undefined
  if (html !== undefined) {
    await app.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      wildcard: false,
      cacheControl: false,
      setHeaders: (response) => {
        response.header('cache-control', FOREVER)
      },
    })
  }
  return {
    wants: ({ method, url, headers: { accept = '' } }) =>
      (method === 'GET' || method === 'HEAD') &&
      !OTHERS.test(url) &&
      (accept.includes('text/html') || url === '/'),
    send: (reply) =>
      html === undefined
        ? reply.code(404).type('text/plain; charset=utf-8').send(NOT_BUILT)
        : reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(html),
  }
}
